// The X-Priority header, as statistics for classifiers.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";

const symbolOf = [
  "HAS_X_PRIO_ZERO",
  "HAS_X_PRIO_ONE",
  "HAS_X_PRIO_TWO",
  "HAS_X_PRIO_THREE",
  "HAS_X_PRIO_THREE",
  "HAS_X_PRIO_FIVE",
] as const;

export const priority = defineCheck({
  name: "CHECK_PRIORITY",
  about: "Notes the priority that the sender asks for.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    HAS_X_PRIO_ZERO: { score: 0, about: "X-Priority is 0." },
    HAS_X_PRIO_ONE: { score: 0, about: "X-Priority is 1." },
    HAS_X_PRIO_TWO: { score: 0, about: "X-Priority is 2." },
    HAS_X_PRIO_THREE: { score: 0, about: "X-Priority is 3 or 4." },
    HAS_X_PRIO_FIVE: { score: 0, about: "X-Priority is 5 or more." },
  },
  run(task, ctx) {
    const field = first(task.headers, "x-priority");
    // "1 (Highest)": the number alone counts.
    const digits = field === null ? undefined : /^\d{1,9}/.exec(field.value)?.[0];
    if (digits === undefined) return;
    const symbol = symbolOf[Math.min(Number(digits), 5)];
    if (symbol !== undefined) ctx.hit(symbol, { options: [digits] });
  },
});
