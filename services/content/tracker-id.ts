// The last line of a text as one long token: bulk mail ends so, to tell its copies apart or to differ from each other.

import { defineCheck } from "../../shared/check.ts";

/** Characters of the end that are looked at. */
const tail = 512;
/** One token of letters and digits, with both and without a pattern that a reader would know. */
const token = /^[a-z0-9](?:[a-z0-9_-]{22,94})[a-z0-9]$/i;
const digits = /\d/g;

function isIdentifier(line: string): boolean {
  if (!token.test(line) || !/[a-z]/i.test(line)) return false;
  return (line.match(digits)?.length ?? 0) >= 3 || /[a-z][A-Z]{1,3}[a-z]+[A-Z]/.test(line);
}

export const trackerId = defineCheck({
  name: "CHECK_TRACKER_ID",
  about: "Looks for a token that ends the text.",
  stage: "filter",
  group: "headers",
  reads: ["text"],
  symbols: {
    TRACKER_ID: { score: 3.84, about: "The last line of the text is one token of 24 to 96 letters and digits." },
  },
  run(task, ctx) {
    const body = task.text.find(({ html }) => !html) ?? task.text[0];
    if (body === undefined) return;
    const end = body.text.slice(-tail).trimEnd();
    const start = end.lastIndexOf("\n");
    // A message that is nothing but a token is something else.
    if (start !== -1 && isIdentifier(end.slice(start + 1).trim())) ctx.hit("TRACKER_ID");
  },
});
