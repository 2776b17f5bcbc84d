import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pattern } from "./pattern.ts";
import { compilePattern, readPattern } from "./pattern.ts";
import { parsePlain } from "./pattern-plain.ts";
import { makeProgram, runs } from "./pattern-program.ts";

function compiled(source: string, flags = ""): Pattern {
  const pattern = compilePattern(source, flags);
  if (pattern instanceof Error) throw pattern;
  return pattern;
}

/** Patterns that mean the same to JavaScript, which serves as the judge, and texts for each. */
const shared: readonly (readonly [string, string, readonly string[]])[] = [
  ["", "", ["", "a"]],
  ["abc", "", ["abc", "xabcx", "ab", "ABC"]],
  ["abc", "i", ["ABC", "aBc", "ab"]],
  ["^abc$", "", ["abc", "abcd", "zabc"]],
  ["a|bc|", "", ["", "b", "bc"]],
  ["^(?:a|bc)+$", "", ["abca", "abcb", ""]],
  ["^(a*)*$", "", ["aaa", "aab", ""]],
  ["^(|a)+b$", "", ["aab", "b", "aa"]],
  ["^a{2,3}$", "", ["a", "aa", "aaa", "aaaa"]],
  ["^a{2,}$", "", ["a", "aa", "aaaaa"]],
  ["^a{2}b?$", "", ["aa", "aab", "aabb", "aaa"]],
  ["^a+?b*?c??$", "", ["a", "abbc", "bc"]],
  ["[a-c]x[^a-c]", "", ["axd", "bxb", "dxd", "cx"]],
  ["[a\\-z]", "", ["-", "a", "b", "z"]],
  ["[a-]", "", ["-", "a", "b"]],
  ["[\\d.]+\\.[\\w-]", "", ["1.2.-", "12", "1.a"]],
  ["[^\\s]", "", [" ", "\t", " x "]],
  ["\\S\\s\\S", "", ["a b", "ab", "a\u00a0b"]],
  ["[\\D]", "", ["1", "a1", "-"]],
  ["\\bcat\\b", "", ["cat", "a cat!", "concat", "cats"]],
  ["\\Bcat", "", ["concat", "cat"]],
  ["^b", "", ["a\nb", "b"]],
  ["^b$", "m", ["a\nb\nc", "ab", "b"]],
  ["a.b", "", ["a\nb", "axb", "ab", "a\u{1f600}b"]],
  ["a.b", "s", ["a\nb"]],
  ["\\x41\\u0042", "", ["AB", "ab"]],
  ["ÄÖ", "i", ["äö", "ao"]],
  ["[à-ý]", "i", ["É", "e"]],
  ["\\.example\\.(com|net)$", "i", ["a.EXAMPLE.net", "a.example.org", "aXexample.com"]],
];

for (const [source, flags, texts] of shared) {
  test(`/${source}/${flags} finds what JavaScript finds`, () => {
    const judge = new RegExp(source, `${flags}u`);
    const pattern = compiled(source, flags);
    const program = makeProgram(parsePlain(source, flags));
    for (const text of texts) {
      assert.equal(pattern.test(text), judge.test(text), JSON.stringify(text));
      assert.equal(runs(program, text), judge.test(text), `${JSON.stringify(text)}, all ways at once`);
    }
  });
}

test("spellings of Perl that JavaScript reads otherwise", () => {
  assert.equal(compiled("^[]a]+$").test("]a"), true);
  assert.equal(compiled("\\Aab\\z").test("ab"), true);
  assert.equal(compiled("(?P<name>a)(?<other>b)").test("ab"), true);
  assert.equal(compiled("a{,3}").test("a{,3}"), true);
  assert.equal(compiled("\\x{1f600}").test("\u{1f600}"), true);
  assert.equal(compiled("\\@\\/\\-").test("@/-"), true);
  assert.equal(compiled("ss", "i").test("ß"), false);
});

const refused: readonly (readonly [string, RegExp])[] = [
  ["(a)\\1", /character 4.*back-references/],
  ["(?=a)", /character 2.*look-around/],
  ["(?<!a)b", /look-around/],
  ["(?>a)", /atomic/],
  ["a++", /possessive/],
  ["a**", /nothing to repeat/],
  ["*a", /character 1.*nothing to repeat/],
  ["(a", /character 1.*never closed/],
  ["a)", /never opened/],
  ["[a", /character 1.*never closed/],
  ["[z-a]", /wrong way round/],
  ["a{3,2}", /wrong way round/],
  ["a{2000}", /more than 1000 repetitions/],
  ["((a{100}){100}){100}", /too large/],
  ["(((){1000}){1000}){1000}", /too large/],
  ["\\", /not supported/],
  ["\\p{L}", /not supported/],
  ["[[:alpha:]]", /named classes/],
  ["\\x{110000}", /no such character/],
  ["(".repeat(60), /more than 50 groups/],
  ["a".repeat(5_000), /at most 4096 characters/],
];

for (const [source, message] of refused) {
  test(`refuses ${source.slice(0, 30)}`, () => {
    const error = compilePattern(source, "");
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
  });
}

test("patterns that ruin a backtracking matcher end at once", () => {
  const text = `${"a".repeat(4_096)}!`;
  for (const source of ["^(a+)+$", "(a|a)*b", "(a|aa)+$", "(.*)*x", "a*a*a*a*a*b", "(a?){30}a{30}b"]) {
    assert.equal(compiled(source).test(text), false, source);
  }
});

test("reads a pattern between slashes", () => {
  const pattern = readPattern("/^a/b$/i");
  assert.ok(pattern !== null && !(pattern instanceof Error));
  assert.equal(pattern.test("A/B"), true);
  assert.equal(readPattern("user@example.org"), null);
  assert.equal(readPattern("/"), null);
  assert.ok(readPattern("/(/") instanceof Error);
});
