import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import { parseTree, parseUcl } from "./ucl.ts";

// Each pair was tried on Rspamd 3.4's own parser.
const texts: [string, unknown][] = [
  ["a = 1; b: 2, c 3", { a: 1, b: 2, c: 3 }],
  ['a b; c "d"', { a: "b", c: "d" }],
  ["a { b = 1 } c = 2", { a: { b: 1 }, c: 2 }],
  ["a b c { d = 1 }", { a: { b: { c: { d: 1 } } } }],
  ['worker "normal" { count = 2; }', { worker: { normal: { count: 2 } } }],
  ['w "a" { x = 1 } w "b" { x = 2 }', { w: [{ a: { x: 1 } }, { b: { x: 2 } }] }],
  ["a = { b = 1 }; c = [1, 2,]", { a: { b: 1 }, c: [1, 2] }],
  ["a [1, 2]", { a: [1, 2] }],
  ["a = [1, [3], {b = 1}, x y, 'z']", { a: [1, [3], { b: 1 }, "x y", "z"] }],
  ["a = [\n1 2\n3\n]", { a: ["1 2", 3] }],
  ["a = 1; a = 2; a = [3, 4]", { a: [1, 2, [3, 4]] }],
  ["a = [1]; a = 2; a = [3]", { a: [1, 2, 3] }],
  ["a { b = 1 } a { b = 2; c = 3 }", { a: [{ b: 1 }, { b: 2, c: 3 }] }],
  ["# top\n/* a /* nested */ b */ a = 1; , ; b = 2,, c = 3", { a: 1, b: 2, c: 3 }],
  ["a = 10 # comment\nb { # x\n c = d # y\n}", { a: 10, b: { c: "d" } }],
  ['a = "b" /* c */; d = 1', { a: "b", d: 1 }],
  ["a = http://x/y; b = c // d", { a: "http://x/y", b: "c // d" }],
  ["a = 5 foo; b = foo{bar}baz", { a: "5 foo", b: "foo{bar}baz" }],
  ["a = b\\;c", { a: "b;c" }],
  ["a = \n5", { a: 5 }],
  ['a = "x\\.y\\/z\\n\\q\\u0041"', { a: "x.y/z\nqA" }],
  ['a = "\\ud83d\\ude00"', { a: "😀" }],
  ["a = 'x\\.y\\'z\\nq'", { a: "x\\.y'z\\nq" }],
  ["a = 'x\\\ny'", { a: "xy" }],
  ["a =<<EOD\nhello\n EOD\nEODX\nEOD\nb = 1", { a: "hello\n EOD\nEODX", b: 1 }],
  ["a = <<EOD\nEOD", { a: "" }],
  ["a = <<EOD\nx\nEOD; b = 2", { a: "x", b: 2 }],
  ["o { a = <<EOD\nx\nEOD,\n}", { o: { a: "x" } }],
  ["a = 10.0.0.0/8; b = ::1; c = fe80::/10", { a: "10.0.0.0/8", b: "::1", c: "fe80::/10" }],
  ["a = 1; .priority 5; a = 2; .priority 0; a = 3", { a: 2 }],
  [
    'p { x = 1; y { z = 1 } } q { .inherit "p"; x = 2; y { w = 1 } }',
    { p: { x: 1, y: { z: 1 } }, q: { x: 2, y: { w: 1 } } },
  ],
  ["p { x = 1 } q { x = 5; .inherit p }", { p: { x: 1 }, q: { x: 5 } }],
  ["{a = 1}", { a: 1 }],
  ["", {}],
  ["\n# nothing\n", {}],
];

for (const [text, value] of texts) {
  test(`reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseUcl(text), value);
  });
}

test("JSON is UCL", () => {
  const value = { a: 1, b: [true, null, "x\ty", { "c d": -1.5e3 }], e: {}, f: [], "": "é", g: "\u2028" };
  assert.deepEqual(parseUcl(JSON.stringify(value)), value);
  assert.deepEqual(parseUcl(JSON.stringify(value, null, 2)), value);
});

test("a key of any name is only a key", () => {
  const value = parseUcl("__proto__ { polluted = yes } constructor = 1");
  assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  assert.equal("polluted" in {}, false);
});

const refused: [string, string][] = [
  ["a = ;", "t:1: a has no value"],
  ["\n\na;", "t:3: a has no value"],
  ["a {\n b = 1\n", "t:1: this { has no closing }"],
  ["a = [1,\n2", "t:1: this [ has no closing ]"],
  ["a = { b = 1 }\n}", "t:2: this } closes nothing"],
  ["a = [1}", "t:1: ] expected for the [ of line 1"],
  ['a = "x\ny"', 't:1: the string has no closing " on its line'],
  ['a = "abc', 't:1: the string has no closing "'],
  ["a = 'abc", "t:1: the string has no closing '"],
  ['a = "\\u12"', "t:1: \\u must be followed by four hex digits"],
  ['a = "b" c', "t:1: a ; is missing after the string"],
  ["a == 1", "t:1: unexpected second ="],
  ["= 1", 't:1: a key was expected, not "="'],
  ["[1, 2]", 't:1: a key was expected, not "["'],
  ["a = 1\n/* b", "t:2: the comment /* has no end"],
  ["a = <<eod\nx\neod", "t:1: after << goes a word of capital letters, and nothing else in that line"],
  ["a = <<EOD\nx\n", "t:1: the text <<EOD has no line with EOD alone"],
  ["{a = 1}\nb = 2", "t:2: there is more after the closing }"],
  ["a = 99999999999999999999", "t:1: 99999999999999999999 is too large for a number; in quotes it is text"],
  ["a = 1\0", "t:1: a NUL byte; this is no configuration file"],
  [".foo bar", "t:1: unknown macro .foo"],
  [".include x", "t:1: .include cannot be used here"],
  ['.load(key=a) "/etc/passwd"', "t:1: .load cannot be used here"],
  [".lua { x }", "t:1: .lua cannot be used here"],
  [".priority 99", "t:1: priority 99: must be a whole number from 0 to 15"],
  ["a { .inherit nobody }", "t:1: .inherit: there is no section nobody above this line at the top level"],
  ["a { ".repeat(100), "t:1: sections lie more than 64 deep"],
  [`${"a ".repeat(100)}{}`, "t:1: sections lie more than 64 deep"],
  [`a = ${"[".repeat(100)}`, "t:1: lists lie more than 64 deep"],
];

for (const [text, message] of refused) {
  test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.throws(
      () => parseUcl(text, "t"),
      (error) => error instanceof Fault && error.code === "bad-config" && error.message === message,
    );
  });
}

test("a value that swallowed the next entry is warned about", () => {
  const { problems } = parseTree("a = 1 b = 2");
  assert.equal(problems.length, 1);
  assert.match(problems[0]?.message ?? "", /is a ; missing/);
  assert.deepEqual(parseTree("expression = A & B >= 2\nother = x == y").problems, []);
});

test("every value knows its line", () => {
  const { root } = parseTree("a = 1\nb {\n  c = [x,\n   y]\n}\n", "f");
  const [b] = root.keys.get("b") ?? [];
  assert.equal(root.keys.get("a")?.[0]?.origin.line, 1);
  assert.ok(b?.kind === "object");
  const [c] = b.keys.get("c") ?? [];
  assert.ok(c?.kind === "list");
  assert.deepEqual(
    c.items.map((item) => item.origin.line),
    [3, 4],
  );
  assert.deepEqual(c.origin, { file: "f", line: 3, priority: 0 });
});

test("whatever comes, the only thing thrown is the fault bad-config", () => {
  const sample = 'a "b" { c = [1, {d: "e\\n"}], /* f */ g <<EOD\nx\nEOD\n.priority 3; h = $I; \'j\' = 10mb }\n';
  const noise = "{}[]\"';=:,#/*\\\n<.$ \0(";
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  let refusals = 0;
  for (let round = 0; round < 3000; round++) {
    let text = sample.slice(random(20), sample.length - random(20));
    for (let change = random(4); change >= 0; change--) {
      const at = random(text.length);
      text = text.slice(0, at) + (noise[random(noise.length)] ?? "") + text.slice(at + random(3));
    }
    try {
      parseUcl(text);
    } catch (error) {
      assert.ok(error instanceof Fault, text);
      assert.equal(error.code, "bad-config", text);
      assert.match(error.message, /^text:\d+: /, text);
      refusals++;
    }
  }
  assert.ok(refusals > 1000);
});

test("long texts take time in proportion: each of these would take minutes otherwise", () => {
  parseUcl(`a = [${"1,".repeat(300_000)}]; a = [${"2,".repeat(300_000)}]`);
  parseUcl(`${"/* ".repeat(200_000)}${"*/ ".repeat(200_000)}`);
  parseUcl("a b;".repeat(200_000));
  parseUcl(`a = "${"\\n".repeat(200_000)}"`);
});
