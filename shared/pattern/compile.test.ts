import assert from "node:assert/strict";
import { test } from "node:test";
import { type CompiledPattern, compile, countMatches, isQuick } from "./compile.ts";

function compiled(source: string, flags = ""): CompiledPattern {
  const pattern = compile(source, flags);
  if (pattern instanceof Error) throw pattern;
  return pattern;
}

const matches = (source: string, flags: string, text: string) =>
  countMatches(compiled(source, flags).regexp, text, 1) === 1;

/** Patterns that mean the same to JavaScript, which serves as the judge, and texts for each. */
const shared: readonly (readonly [string, string, readonly string[]])[] = [
  ["abc", "i", ["xABCx", "aBc", "ab"]],
  ["^(?:a|bc)+$", "", ["abca", "abcb", ""]],
  ["[a-c]x[^a-c]", "i", ["axd", "BXB", "dxd", "cx"]],
  ["\\S\\s\\S", "", ["a b", "ab", "a\u00a0b"]],
  ["^b$", "m", ["a\nb\nc", "ab", "b"]],
  ["a.b", "s", ["a\nb", "axb"]],
  ["a.b", "", ["a\nb", "axb"]],
  ["ÄÖ", "i", ["äö", "ao"]],
  ["foo(?!bar)", "", ["foobar", "foobaz", "foo"]],
  ["(?<!no )way", "", ["no way", "a way"]],
  ["(['\"])x\\1", "", ["'x'", "'x\"", '"x"']],
  ["(a)(?:b)(c)\\2", "", ["abcc", "abca"]],
  ["\\p{Lu}x", "", ["Äx", "äx"]],
  ["\u{1f600}+!", "", ["\u{1f600}\u{1f600}!", "\u{1f601}!"]],
  ["[\u{1f600}-\u{1f64f}a]b", "", ["\u{1f620}b", "ab", "b"]],
  ["a{2,3}?b", "", ["aab", "ab", "aaaab"]],
];

for (const [source, flags, texts] of shared) {
  test(`/${source}/${flags} finds what JavaScript finds`, () => {
    const judge = new RegExp(source, `${flags}u`);
    for (const text of texts) assert.equal(matches(source, flags, text), judge.test(text), JSON.stringify(text));
  });
}

const perl: readonly (readonly [string, string, string, boolean])[] = [
  ["^[]a]+$", "", "]a", true],
  ["\\Aab\\z", "m", "ab\nab", false],
  ["\\Aab\\z", "", "ab", true],
  ["(?P<name>a)\\k<name>", "", "aa", true],
  ["(?i)ab(?-i)c", "", "ABc", true],
  ["(?i)ab(?-i)c", "", "ABC", false],
  ["a(?i:b)c", "", "aBc", true],
  ["a(?i:b)c", "", "aBC", false],
  [" a  b # comment\n c", "x", "abc", true],
  ["a(?# comment )b", "", "ab", true],
  ["a++a", "", "aaa", false],
  ["(?>a+)b", "", "aaab", true],
  ["(?>a+)(b)\\1", "", "aabb", true],
  ["[[:alpha:]]+[[:^digit:]]", "", "ab", true],
  ["\\Qa.b\\E.", "", "a.bc", true],
  ["\\Qa.b\\E.", "", "axbc", false],
  ["\\h\\R", "", "\t\n", true],
  ["\\x{1f600}\\x41", "", "\u{1f600}A", true],
  ["a{,3}", "", "a{,3}", true],
  ["ss", "i", "ß", false],
  ["^*a\\b+", "", "ba", true],
];

for (const [source, flags, text, expected] of perl) {
  test(`/${source}/${flags} as Perl reads it`, () => assert.equal(matches(source, flags, text), expected));
}

const refused: readonly (readonly [string, RegExp])[] = [
  ["(a", /character 1.*never closed/],
  ["a)", /character 2.*never opened/],
  ["[a", /never closed/],
  ["*a", /nothing to repeat/],
  ["a**", /nothing to repeat/],
  ["[z-a]", /wrong way round/],
  ["a{3,2}", /wrong way round/],
  ["a{70000}", /more than 65535/],
  ["(a)\\2", /there is no group 2/],
  ["(?R)", /not supported/],
  ["\\p{Nothing}", /no property/],
  ["[[:nothing:]]", /no class/],
  ["\\y", /not supported/],
  ["(".repeat(100), /more than 64 groups/],
  ["a".repeat(20_000), /at most 16384/],
];

for (const [source, message] of refused) {
  test(`refuses ${source.slice(0, 20)}`, () => {
    const error = compile(source, "");
    assert.ok(error instanceof Error);
    assert.match(error.message, message);
  });
}

test("the linear engine takes patterns in any case, and says which it cannot take", () => {
  for (const source of ["^(a+)+$", "(?i)viagra.*now", "[^\\x{100}-\\x{200}]\\b", "(?<!a)b"])
    assert.equal(compiled(source).linear, true, source);
  for (const source of ["(a)\\1", "(?=a)b", "(?>a+)b"]) assert.equal(compiled(source).linear, false, source);
});

test("a pattern that ruins a backtracking engine ends", { timeout: 20_000 }, () => {
  assert.equal(matches("^(a+)+$", "", `${"a".repeat(32)}!`), false);
  const text = `${"a".repeat(4_096)}!`;
  for (const source of ["^(a+)+$", "(a|aa)+$", "(.*)*x", "a*a*a*a*a*b"])
    assert.equal(matches(source, "i", text), false, source);
});

test("what may take long is known", () => {
  assert.equal(isQuick(compiled("foo(?!bar)"), "a".repeat(100_000)), true);
  assert.equal(isQuick(compiled("(?=(a+)+b)a"), "aaa"), false);
  assert.equal(isQuick(compiled("(['\"]).{1,3}\\1"), "a".repeat(100)), true);
  assert.equal(isQuick(compiled("^(a+)+$"), "a".repeat(60_000)), true);
  assert.equal(isQuick(compiled("^(a+)+$"), "a".repeat(70_000)), false);
});

test("counts matches, empty ones too, up to a limit", () => {
  assert.equal(countMatches(compiled("a").regexp, "abab", 10), 2);
  assert.equal(countMatches(compiled("a*").regexp, "baab", 10), 4);
  assert.equal(countMatches(compiled("a").regexp, "a".repeat(50), 10), 10);
});
