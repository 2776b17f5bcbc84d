// An actor for `make bench-sick`. Burns 5 seconds of CPU for each mail.

import { defineActor } from "../../../../shared/actor.ts";
import { defineCheck } from "../../../../shared/check.ts";

const sick = defineCheck({
  name: "SICK_CHECK",
  about: "Burns 5 seconds of CPU for each mail.",
  stage: "filter",
  group: "sick",
  reads: ["headers"],
  symbols: {},
  run() {
    const end = performance.now() + 5_000;
    while (performance.now() < end);
  },
});

export default defineActor({
  name: "burning",
  about: "Burns 5 seconds of CPU for each mail.",
  checks: [sick],
  config: {},
  slots: 16,
  deadline: 1_000,
  reaches: [],
});
