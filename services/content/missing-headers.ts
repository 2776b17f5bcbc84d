// Headers that every mail has, and this one has not.

import { defineCheck } from "../../shared/check.ts";
import type { Headers, Part } from "../../shared/task.ts";

const symbolOf = {
  subject: "MISSING_SUBJECT",
  from: "MISSING_FROM",
  to: "MISSING_TO",
  date: "MISSING_DATE",
  "message-id": "MISSING_MID",
} as const;
const essential = Object.entries(symbolOf);

function keysOf(headers: Headers): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const field of headers.fields) keys.add(field.key);
  return keys;
}

/** Whether a reader without MIME would show something else (RFC 2045, 4). */
function usesMime(parts: readonly Part[]): boolean {
  const [root] = parts;
  if (root === undefined) return false;
  return root.type !== "text/plain" || (root.encoding !== "" && root.encoding !== "7bit");
}

export const missingHeaders = defineCheck({
  name: "CHECK_MISSING_HEADERS",
  about: "Looks for headers that every mail should have.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "structure"],
  symbols: {
    MISSING_SUBJECT: { score: 2, about: "There is no Subject header." },
    MISSING_FROM: { score: 2, about: "There is no From header." },
    MISSING_TO: { score: 2, about: "There is no To header." },
    MISSING_DATE: { score: 1, about: "There is no Date header." },
    MISSING_MID: { score: 2.5, about: "There is no Message-ID header." },
    MISSING_MIME_VERSION: { score: 2, about: "A MIME message without a MIME-Version header." },
    MISSING_ESSENTIAL_HEADERS: { score: 7, about: "None of the usual headers is there.", group: "blankspam" },
    COMPLETELY_EMPTY: { score: 15, about: "The message has not a single byte.", group: "blankspam" },
  },
  run(task, ctx) {
    if (task.structure.size === 0) {
      ctx.hit("COMPLETELY_EMPTY");
      return;
    }
    const keys = keysOf(task.headers);
    let missing = 0;
    for (const [key, symbol] of essential) {
      if (keys.has(key)) continue;
      ctx.hit(symbol);
      missing++;
    }
    if (missing === essential.length) ctx.hit("MISSING_ESSENTIAL_HEADERS");
    if (!keys.has("mime-version") && usesMime(task.structure.parts)) ctx.hit("MISSING_MIME_VERSION");
  },
});
