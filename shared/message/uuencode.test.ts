import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUu } from "./uuencode.ts";

test("a file within a text", () => {
  const text = "see\r\nbegin 644 cat file.txt\r\n#0V%T\r\n`\r\nend\r\nbye";
  const file = decodeUu(text);
  assert.equal(file?.name, "cat file.txt");
  assert.equal(file?.content.toString(), "Cat");
  assert.equal(text.slice(0, file?.start) + text.slice(file?.end), "see\r\nbye");
  assert.equal(decodeUu(text, file?.end), null);
});

test("text that only looks like it", () => {
  for (const text of [
    "begin 644 the work\nand go on\nend\n",
    "begin 644 a\n#0V%T\n",
    "begin  x\nend",
    "to begin 644 x\nend",
  ]) {
    assert.equal(decodeUu(text), null, text);
  }
});
