import assert from "node:assert/strict";
import { test } from "node:test";
import { endingOf, isDeceiving } from "./file-name.ts";

test("an extension as the system takes it that opens the file", () => {
  const endings: readonly (readonly [name: string, last: string, before: string])[] = [
    ["a.exe", "exe", ""],
    ["a.PDF.Exe", "exe", "pdf"],
    ["a.exe. . ", "exe", ""],
    ["a.pdf      .exe", "exe", "pdf"],
    ["a.js\0.txt", "js", ""],
    ["a\0.js", "js", ""],
    ["a.js::$DATA", "js", ""],
    ["a.js:b", "js", ""],
    ["Re: a.js", "js", ""],
    ["a.js/", "js", ""],
    ["a\u200b.j\u202es", "js", ""],
    ["exe", "", ""],
    ["", "", ""],
  ];
  for (const [name, last, before] of endings) assert.deepEqual(endingOf(name), { last, before }, JSON.stringify(name));
});

test("characters that hide an ending", () => {
  for (const name of ["a\0.txt", "a\u202etxt.exe", "a\u200b.txt"]) assert.ok(isDeceiving(name));
  assert.ok(!isDeceiving("Grüße und mehr.txt"));
});
