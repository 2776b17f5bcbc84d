// An actor for `make bench-sick`. Never answers.

import { defineActor } from "../../../../shared/actor.ts";
import { defineCheck } from "../../../../shared/check.ts";

const sick = defineCheck({
  name: "SICK_CHECK",
  about: "Never answers.",
  stage: "filter",
  group: "sick",
  reads: ["headers"],
  symbols: {},
  run() {
    return new Promise<void>(() => {});
  },
});

export default defineActor({
  name: "never",
  about: "Never answers.",
  checks: [sick],
  config: {},
  slots: 16,
  deadline: 1_000,
  reaches: [],
});
