import assert from "node:assert/strict";
import { test } from "node:test";
import { readWord } from "./scalar.ts";

const words: [string, unknown, string?][] = [
  ["5", 5],
  ["-5", -5],
  ["1.5", 1.5],
  ["5.", 5],
  ["1e3", 1000],
  ["08", 8],
  ["0x10", 16],
  ["-0xff", -255],
  ["2k", 2000, "size"],
  ["1M", 1_000_000, "size"],
  ["1m", 1_000_000, "size"],
  ["1kb", 1024, "size"],
  ["1Mb", 1_048_576, "size"],
  ["1.5g", 1_500_000_000, "size"],
  ["5min", 300, "time"],
  ["300ms", 0.3, "time"],
  ["1S", 1, "time"],
  ["10h", 36_000, "time"],
  ["1.5d", 129_600, "time"],
  ["1w", 604_800, "time"],
  ["1y", 31_536_000, "time"],
  ["yes", true],
  ["Off", false],
  ["TRUE", true],
  ["null", null],
  ["y", "y"],
  [".5", ".5"],
  ["+5", "+5"],
  ["5mins", "5mins"],
  ["1kbx", "1kbx"],
  ["127.0.0.1", "127.0.0.1"],
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["1_000", "1_000"],
  ["", ""],
];

for (const [word, value, unit] of words) {
  test(`${JSON.stringify(word)} is ${JSON.stringify(value)}${unit === undefined ? "" : `, a ${unit}`}`, () => {
    assert.deepEqual(readWord(word), unit === undefined ? { value } : { value, unit });
  });
}

test("a number that cannot be held exactly is refused", () => {
  const answer = readWord("99999999999999999999");
  assert.ok(answer instanceof Error);
  assert.match(answer.message, /too large for a number/);
  assert.ok(readWord("1e999") instanceof Error);
});
