import assert from "node:assert/strict";
import { test } from "node:test";
import { rewriteSubject } from "./subject.ts";

const table: readonly (readonly [string, string | null, number, string])[] = [
  ["*** SPAM *** %s", "Hello", 7.3, "*** SPAM *** Hello"],
  ["*** SPAM *** %s", null, 7.3, "*** SPAM ***"],
  ["[%d] %s", "Hello", 7.6, "[7.60] Hello"],
  ["[%f] %s", "Hello", 7.3, "[7.30] Hello"],
  ["100%% spam: %s", "50% off", 7.3, "100% spam: 50% off"],
  ["%s", "%s %d %%", 7.3, "%s %d %%"],
  ["%s", "$& $1 $$", 7.3, "$& $1 $$"],
  ["%x %s %", "Grüße", 7.3, "%x Grüße %"],
  ["no place", "Hello", 7.3, "no place"],
];

for (const [template, subject, score, expected] of table) {
  test(`${template} with ${subject}`, () => {
    assert.equal(rewriteSubject(template, subject, score), expected);
  });
}

test("an endless subject is cut, and not within a character", () => {
  const subject = rewriteSubject("a%s", "😀".repeat(100_000), 1);
  assert.ok(subject.length <= 4_096);
  assert.ok(subject.isWellFormed());
});
