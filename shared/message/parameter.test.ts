import assert from "node:assert/strict";
import { test } from "node:test";
import { parseParameters } from "./parameter.ts";

const context = { eightBit: true, charset: "", words: 100, part: 0, note: () => {} };

function params(field: string) {
  return { ...parseParameters(`a/b; ${field}`, 100, context).params };
}

test("plain parameters", () => {
  assert.equal(parseParameters("Text/Plain", 100, context).value, "text/plain");
  assert.deepEqual(params('Charset="utf-8"; format=flowed'), { charset: "utf-8", format: "flowed" });
  assert.deepEqual(params('name="a;b\\"c"; x = 1 '), { name: 'a;b"c', x: "1" });
  assert.deepEqual(params("name=my file.txt;;noise; x=1;"), { name: "my file.txt", x: "1" });
  assert.deepEqual(params('name="open; x=1'), { name: "open", x: "1" });
});

test("RFC 2231: charset, continuations, both", () => {
  assert.deepEqual(params("filename*=utf-8'de'Gr%C3%BC%C3%9Fe.txt"), { filename: "Grüße.txt" });
  assert.deepEqual(params("filename*1=b; filename*0=a"), { filename: "ab" });
  assert.deepEqual(params("filename*0*=iso-8859-1''%E9; filename*1*=%e8; filename*2=\"'x'%41\""), {
    filename: "éè'x'%41",
  });
  assert.deepEqual(params("filename=old.txt; filename*=utf-8''new.txt"), { filename: "new.txt" });
  assert.deepEqual(params("filename*0=a; filename*2=c"), { filename: "a" });
  assert.deepEqual(params("filename*=no%C3%BCquotes"), { filename: "noüquotes" });
});

test("encoded words and 8-bit text, which have no place here, are read", () => {
  assert.deepEqual(params('name="=?utf-8?B?R3LDvMOfZQ==?=.txt"'), { name: "Grüße.txt" });
  assert.deepEqual(params('name="Gr\xfc\xdfe"; boundary="\xfc"'), { name: "Grüße", boundary: "\xfc" });
});

test("the first of duplicates counts, and names of Object's own do no harm", () => {
  const parsed = parseParameters("a/b; name=one; name=two; __proto__=x; constructor=y", 100, context);
  assert.equal(parsed.params.name, "one");
  assert.equal(parsed.duplicate, "name");
  assert.equal(parsed.params.constructor, "y");
  assert.equal(Object.getPrototypeOf(parsed.params), Object.prototype);
});

test("so many and no more", () => {
  const parsed = parseParameters(`a/b; ${"x*0=1;".repeat(50)}`, 10, context);
  assert.equal(parsed.limited, true);
});
