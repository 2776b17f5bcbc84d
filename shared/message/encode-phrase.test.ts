import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "./analyse.ts";
import { encodePhrase } from "./encode-phrase.ts";

for (const name of [
  "Joe",
  "Joe (the) <other@example.com>, Ann",
  'Joe "J" \\ Doe',
  "Jörg Müller",
  "日本".repeat(40),
  "=?x?=",
]) {
  test(`reads as it was: ${name.slice(0, 40)}`, () => {
    const field = `From: ${encodePhrase(name, 6, "\r\n")} <joe@example.org>`;
    assert.match(field, /^[\x20-\x7e]*(\r\n [\x20-\x7e]+)*$/);
    const [box, ...others] = analyse(Buffer.from(`${field}\r\n\r\n`)).headers.from;
    assert.deepEqual([box?.name, box?.address, others.length], [name, "joe@example.org", 0]);
  });
}

test("no name is endless or ends its line", () => {
  assert.ok(encodePhrase("x".repeat(10_000), 6).length < 300);
  assert.doesNotMatch(encodePhrase("a\r\nBcc: b@example.org", 6), /[\r\n]Bcc/);
});
