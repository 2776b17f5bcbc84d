import assert from "node:assert/strict";
import { test } from "node:test";
import { effortOf } from "./effort.ts";
import { flagsOf, parsePattern } from "./parse.ts";

const efforts: readonly (readonly [string, number, number])[] = [
  ["abc", 0, 1],
  ["^a.*b$", 1, 1],
  ["a*b*c", 2, 1],
  ["a?b?(?:c|d)", 0, 8],
  ["a{2,5}", 0, 4],
  ["a{30}", 0, 1],
  ["(?:ab)*", 1, 1],
  ["(a|b)*", 1, Infinity],
  ["(a*)*", 1, Infinity],
  ["(a?){30}", 0, 2 ** 30],
];

for (const [source, loops, choices] of efforts) {
  test(`knows the effort of /${source}/`, () => {
    assert.deepEqual(effortOf(parsePattern(source, flagsOf(""))), { loops, choices });
  });
}
