// What is plain means the same to everybody who reads it: settings, rules, and the program that follows all ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, countMatches } from "../pattern/compile.ts";
import { compilePattern } from "./pattern.ts";
import { parsePlain } from "./pattern-plain.ts";
import { makeProgram, runs } from "./pattern-program.ts";

let seed = 7;
function below(count: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((seed / 2 ** 32) * count);
}

function oneOf(items: readonly string[]): string {
  return items[below(items.length)] ?? "";
}

const singles = [
  "a",
  "b",
  "A",
  "é",
  "1",
  " ",
  "-",
  "]",
  "{",
  "}",
  "{,3}",
  "/",
  "^",
  "$",
  ".",
  "\\.",
  "\\d",
  "\\D",
].concat(
  ["\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "\\A", "\\z", "\\Z", "\\t", "\\n", "\\x61", "\\x{e9}", "\\u0042", "\\v"],
  [
    "[a-c]",
    "[^a-c]",
    "[]a]",
    "[^]a]",
    "[a-]",
    "[-a]",
    "[\\d.]",
    "[\\D]",
    "[^\\s\\S]",
    "[\\w-z]",
    "[a-\\d]",
    "[\\b]",
    "[[]",
  ],
);
const openings = ["(", "(?:", "(?P<n>", "(?<m>"];
const times = ["", "", "", "*", "+", "?", "*?", "??", "{2}", "{1,3}", "{0,2}?", "{1,}"];

function pattern(depth: number): string {
  let out = "";
  for (let left = 1 + below(3); left > 0; left--) {
    const group = depth < 3 && below(4) === 0;
    out += (group ? `${oneOf(openings)}${pattern(depth + 1)})` : oneOf(singles)) + oneOf(times);
    if (below(8) === 0) out += "|";
  }
  return out;
}

const characters = ["a", "b", "c", "A", "B", "é", "É", "1", "_", " ", "-", "]", "{", ".", "\n", "\t", "\u000b", "/"];

function text(): string {
  return Array.from({ length: below(12) }, () => oneOf(characters)).join("");
}

test("two thousand patterns find the same in settings, in rules, and when all ways are followed", () => {
  const texts = Array.from({ length: 12 }, text);
  for (let left = 2_000; left > 0; left--) {
    const source = pattern(0);
    const flags = oneOf(["", "i", "ms", "ims"]);
    const plain = compilePattern(source, flags);
    const rule = compile(source, flags);
    assert.ok(!(plain instanceof Error) && !(rule instanceof Error), `/${source}/${flags}: ${String(plain)}`);
    const program = makeProgram(parsePlain(source, flags));
    for (const each of texts) {
      const found = plain.test(each);
      const where = `/${source}/${flags} in ${JSON.stringify(each)}`;
      assert.equal(countMatches(rule.regexp, each, 1) === 1, found, `${where}, as a rule`);
      assert.equal(runs(program, each), found, `${where}, all ways at once`);
    }
  }
});

/** Right in rules. */
const richer = ["(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)", "(?i)a", "(?i:a)", "(?#a)b", "(?'n'a)", "(a)\\1"].concat(
  ["(?<n>a)\\k<n>", "(a)\\g1", "a++", "a{2}+", "[[:alpha:]]", "[a[:digit:]]", "\\p{L}", "[\\pL]", "\\PL", "\\Qa\\E"],
  ["\\h", "\\R", "\\N", "\\V", "\\x4", "\\0", "a{1001}", "\\u{61}++"],
);

for (const source of richer) {
  test(`/${source}/ is for rules`, () => {
    assert.ok(!(compile(source, "") instanceof Error));
    assert.ok(compilePattern(source, "") instanceof Error);
  });
}

const looksRicher = ["\\(?=a", "\\[[:]", "[(?=a]", "[*+]+", "\\++", "\\\\p", "\\u{61}+", "[\\]a++]", "[]+*]+"];

for (const source of looksRicher) {
  test(`/${source}/ is plain`, () => assert.ok(!(compilePattern(source, "") instanceof Error)));
}
