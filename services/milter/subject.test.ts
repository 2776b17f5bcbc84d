import assert from "node:assert/strict";
import { test } from "node:test";
import { simpleParser } from "mailparser";
import { subjectValue } from "./subject.ts";

const unfolded = (value: string) => value.replaceAll("\n", "");
/** The subject as another mail reader sees it. */
const read = async (value: string) =>
  (await simpleParser(`Subject: ${value.replaceAll("\n", "\r\n")}\r\n\r\nbody\r\n`)).subject;

test("ASCII stands for itself", () => {
  assert.equal(subjectValue("***SPAM*** Hello  you"), "***SPAM*** Hello  you");
});

test("long ASCII is folded at its blanks", () => {
  const subject = "word ".repeat(60).trim();
  const value = subjectValue(subject);
  assert.equal(unfolded(value), subject);
  for (const line of value.split("\n").slice(1)) assert.ok(line.startsWith(" ") && line.length <= 78);
});

for (const subject of [
  "***SPAM*** Grüße aus Köln",
  "日本語の件名".repeat(20),
  "🎁".repeat(50),
  "looks like =?UTF-8?Q?a_word?=",
  "x".repeat(200),
])
  test(`encoded words: ${subject.slice(0, 30)}`, async () => {
    const value = subjectValue(subject);
    for (const line of value.split("\n")) assert.match(line, /^ ?=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?=$/);
    for (const line of `Subject: ${value}`.split("\n")) assert.ok(line.length <= 76, `${line.length} characters`);
    assert.equal(await read(value), subject);
  });

test("line ends cannot get in, nor half a character", async () => {
  assert.equal(subjectValue("a\r\nBcc: b@example.org\0"), "a Bcc: b@example.org");
  assert.equal(await read(subjectValue("a\ud800")), "a\ufffd");
});
