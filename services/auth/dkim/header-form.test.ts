import assert from "node:assert/strict";
import { test } from "node:test";
import { headerForm } from "./header-form.ts";

function forms(name: string, raw: string): readonly [string, string] {
  const field = { name, key: name.trimEnd().toLowerCase(), raw };
  return [headerForm(field, "simple"), headerForm(field, "relaxed")];
}

test("the example of RFC 6376, 3.4.5", () => {
  assert.deepEqual(forms("A", " X"), ["A: X", "a:X"]);
  assert.deepEqual(forms("B ", " Y\t\r\n\tZ  "), ["B : Y\t\r\n\tZ  ", "b:Y Z"]);
});

test("blanks are spaces and tabs, and folds where they go on", () => {
  assert.equal(forms("S", "\r\n a\r\n\tb \r\n ")[1], "s:a b");
  assert.equal(forms("S", "")[1], "s:");
  assert.equal(forms("S", " \t ")[1], "s:");
  assert.equal(forms("S", "\xa0a \x0b b\xa0")[1], "s:\xa0a \x0b b\xa0");
  assert.equal(forms("S", " a\rb ")[1], "s:a\rb");
});

test("bare LF counts as CRLF", () => {
  assert.deepEqual(forms("S", " a\n b"), ["S: a\r\n b", "s:a b"]);
});

test("a megabyte of blanks is one", () => {
  assert.equal(forms("S", `a${" \t\r\n ".repeat(250_000)}b`)[1], "s:a b");
  assert.equal(forms("S", `a${" ".repeat(1_000_000)}`)[1], "s:a");
});
