// Headers that may stand once (RFC 5322, 3.6; RFC 2045, 3) and stand there again.

import { defineCheck } from "../../shared/check.ts";

/** How much a second one weighs: what decides how a mail reads and whom it is from, most. */
const factors: ReadonlyMap<string, number> = new Map([
  ["content-type", 1],
  ["content-transfer-encoding", 1],
  ["from", 1],
  ["sender", 1],
  ["reply-to", 1],
  ["message-id", 0.7],
  ["in-reply-to", 0.7],
  ["subject", 0.7],
  ["references", 0.3],
  ["to", 0.2],
  ["date", 0.1],
  ["cc", 0.1],
  ["bcc", 0.1],
]);

export const duplicateHeaders = defineCheck({
  name: "CHECK_DUPLICATE_HEADERS",
  about: "Looks for headers that must be unique and are not.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    MULTIPLE_UNIQUE_HEADERS: { score: 7, about: "A header that must be unique comes more than once." },
  },
  run(task, ctx) {
    const seen = new Set<string>();
    const repeated = new Set<string>();
    let worst = 0;
    for (const { key } of task.headers.fields) {
      const factor = factors.get(key);
      if (factor === undefined) continue;
      if (seen.has(key)) {
        repeated.add(key);
        worst = Math.max(worst, factor);
      }
      seen.add(key);
    }
    if (worst > 0) ctx.hit("MULTIPLE_UNIQUE_HEADERS", { factor: worst, options: [...repeated] });
  },
});
