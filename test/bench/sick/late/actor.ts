// An actor for `make bench-sick`. Answers 5 seconds late.

import { defineActor } from "../../../../shared/actor.ts";
import { defineCheck } from "../../../../shared/check.ts";

const sick = defineCheck({
  name: "SICK_CHECK",
  about: "Answers 5 seconds late.",
  stage: "filter",
  group: "sick",
  reads: ["headers"],
  symbols: {},
  run() {
    return new Promise<void>((done) => setTimeout(done, 5_000));
  },
});

export default defineActor({
  name: "late",
  about: "Answers 5 seconds late.",
  checks: [sick],
  config: {},
  slots: 16,
  deadline: 1_000,
  reaches: [],
});
