import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.ts";
import { openLiteralSearch } from "./literal-search.ts";

const extracted: readonly (readonly [string, string, ...(readonly string[])[]])[] = [
  ["viagra", "", ["viagra"]],
  ["ViAgRa", "i", ["viagra"]],
  ["\\bclick\\s+here\\b", "", ["click"], ["here"]],
  ["cheap|expensive", "", ["cheap", "expensive"]],
  ["cheap|[a-z]+", ""],
  ["(?:buy|sell) gold", "", ["buy gold", "sell gold"]],
  ["x*", ""],
  ["(?:abc)+", "", ["abc"]],
  ["(?:abc)?d", ""],
  ["colou?r", "", ["color", "colour"]],
  ["foo(?!bar)", "", ["foo"]],
  ["(?=secret).", "", ["secret"]],
  ["(?!secret).", ""],
  ["[0-9]+ dollars", "", [" dollars"]],
  ["v[i1!]agra", "", ["viagra", "v1agra", "v!agra"]],
  ["(ab)\\1", "", ["ab"]],
  ["foo.{0,20}(?:bar|baz)+ x", "", ["foo"], ["bar", "baz"]],
  ["(?:one.*two|three)", "", ["one", "three"]],
  ["a.b", ""],
  ["^$", ""],
  ["äÖ", "i", ["äÖ", "äö", "ÄÖ", "Äö"]],
];

const sorted = (sets: readonly (readonly string[])[]) => sets.map((set) => [...set].sort().join(" or ")).sort();

for (const [source, flags, ...expected] of extracted) {
  test(`/${source}/${flags} needs ${sorted(expected).join(", and ") || "nothing certain"}`, () => {
    const pattern = compile(source, flags);
    assert.ok(!(pattern instanceof Error));
    assert.deepEqual(sorted(pattern.literals), sorted(expected));
  });
}

test("finds every literal, within others and over ends of others, in any case", () => {
  const literals = ["he", "she", "his", "hers", "er", "ü", "zzz"];
  const search = openLiteralSearch(literals);
  const found = new Uint8Array(literals.length);
  search.find("uSHERS Ü", found);
  assert.deepEqual(
    literals.filter((_, at) => found[at] === 1),
    ["he", "she", "hers", "er"],
  );
  search.find("grün", found);
  assert.equal(found[5], 1);
});

test("many long literals fit a table, and none is missed", () => {
  const literals = Array.from(
    { length: 30_000 },
    (_, at) => `word number ${at.toString(36)} ${(at * 7919).toString(36)}`,
  );
  const search = openLiteralSearch(literals);
  const found = new Uint8Array(literals.length);
  search.find(`xx ${literals[29_999]?.toUpperCase()} yy`, found);
  assert.equal(found[29_999], 1);
});
