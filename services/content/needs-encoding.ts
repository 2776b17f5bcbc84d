// Headers with bytes that must be encoded (RFC 2047) and are not.

import { defineCheck } from "../../shared/check.ts";

const symbolOf: ReadonlyMap<string, "SUBJECT_NEEDS_ENCODING" | "FROM_NEEDS_ENCODING" | "TO_NEEDS_ENCODING"> = new Map([
  ["subject", "SUBJECT_NEEDS_ENCODING"],
  ["from", "FROM_NEEDS_ENCODING"],
  ["to", "TO_NEEDS_ENCODING"],
]);

export const needsEncoding = defineCheck({
  name: "CHECK_NEEDS_ENCODING",
  about: "Looks for control and 8-bit bytes in headers that hold no encoded word.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    SUBJECT_NEEDS_ENCODING: { score: 1, about: "The subject has control or 8-bit bytes and no encoded word." },
    FROM_NEEDS_ENCODING: { score: 1, about: "The From header has control or 8-bit bytes and no encoded word." },
    TO_NEEDS_ENCODING: { score: 1, about: "The To header has control or 8-bit bytes and no encoded word." },
  },
  run(task, ctx) {
    for (const { key, raw } of task.headers.fields) {
      const symbol = symbolOf.get(key);
      if (symbol !== undefined && /[^\t\r\n -~]/.test(raw) && !raw.includes("=?")) ctx.hit(symbol);
    }
  },
});
