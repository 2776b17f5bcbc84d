import assert from "node:assert/strict";
import { test } from "node:test";
import { flawList } from "./flaw.ts";
import { splitHeaders, unfold } from "./header.ts";
import { defaultLimits, type Limits } from "./limits.ts";

function split(source: string, limits: Partial<Limits> = {}) {
  const { flaws, note } = flawList(100);
  const block = splitHeaders(source, 0, source.length, { ...defaultLimits, ...limits }, 0, note);
  return { ...block, names: block.fields.map(({ name }) => name), kinds: flaws.map(({ kind }) => kind) };
}

test("fields keep order, case and raw bytes; the body starts behind the empty line", () => {
  for (const end of ["\n", "\r\n"]) {
    const source = `Subject: one${end}\ttwo${end}X-Odd :\xe9${end}subject:${end}${end}body`;
    const { fields, end: start, kinds } = split(source);
    assert.deepEqual(fields, [
      { name: "Subject", key: "subject", raw: ` one${end}\ttwo` },
      { name: "X-Odd ", key: "x-odd", raw: "\xe9" },
      { name: "subject", key: "subject", raw: "" },
    ]);
    assert.equal(source.slice(start), "body");
    assert.deepEqual(kinds, []);
  }
});

test("a block without an end is all headers", () => {
  assert.deepEqual(split("A: 1\nB: 2"), { ...split("A: 1\nB: 2"), end: 9, names: ["A", "B"] });
  assert.deepEqual(split("").fields, []);
});

test("lines that are no fields are noted", () => {
  const cases: readonly (readonly [source: string, names: string[], kinds: string[], body: string])[] = [
    ["From a@example.org Thu Aug 22\nA: 1\n\nbody", ["A"], ["mbox-line"], "body"],
    ["A: 1\n>From a@example.org: x\nB: 2\n\nbody", ["A", "B"], ["bad-header"], "body"],
    // A field with an obsolete blank (RFC 5322, 4.5): readers see an author.
    ["From : a@example.org\nA: 1\n\nbody", ["From ", "A"], [], "body"],
    ["A: 1\nno field here\nB: 2\n\nbody", ["A", "B"], ["bad-header"], "body"],
    ["A: 1\n: empty name\n and more\nB: 2\n\nbody", ["A", "B"], ["bad-header"], "body"],
    ["A: 1\nHello there,\n\nbuy this", ["A"], ["missing-empty-line"], "Hello there,\n\nbuy this"],
    ["just text", [], ["missing-empty-line"], "just text"],
    ["\nbody", [], [], "body"],
  ];
  for (const [source, names, kinds, body] of cases) {
    const found = split(source);
    assert.deepEqual([found.names, found.kinds, source.slice(found.end)], [names, kinds, body], source);
  }
});

test("limits cut fields, not the search for the body", () => {
  const source = `${"A: 1\n".repeat(10)}\nbody`;
  const few = split(source, { headers: 3 });
  assert.deepEqual([few.names.length, few.kinds, source.slice(few.end)], [3, ["limit-headers"], "body"]);
  const short = split(source, { headersBytes: 20 });
  assert.deepEqual([short.names.length, short.kinds, source.slice(short.end)], [4, ["limit-headers"], "body"]);
});

test("folds become one space", () => {
  assert.equal(unfold(" a\r\n\t b \r\n c\n"), "a b c");
  assert.equal(unfold(" a\rb "), "a b");
  assert.equal(unfold("\n \n a"), "a");
  assert.equal(unfold(" a  b "), "a  b");
});
