import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeText } from "./encode-word.ts";
import { decodeWords } from "./word.ts";

const subject = "Subject: ".length;

/** What a reader makes of a value. */
function read(value: string): string {
  return decodeWords(value.replaceAll("\n", ""), {
    charset: "",
    eightBit: true,
    words: 1_000,
    part: 0,
    note: () => undefined,
  });
}

test("ASCII stands for itself", () => {
  assert.equal(encodeText("*** SPAM *** Hello  world", subject), "*** SPAM *** Hello  world");
  assert.equal(encodeText("", subject), "");
});

test("other characters become encoded words", () => {
  assert.equal(encodeText("Grüße", subject), "=?UTF-8?B?R3LDvMOfZQ==?=");
});

const texts = [
  "Grüße",
  "ä".repeat(200),
  "😀".repeat(100),
  `${"word ".repeat(60)}ende ü`,
  "=?UTF-8?B?bm8gd29yZA==?= as text",
  "long ".repeat(100).trim(),
  "x".repeat(2_000),
  `${" ".repeat(200)}x${" ".repeat(200)}y`,
];

for (const text of texts) {
  test(`reads back as it was, in short lines: ${JSON.stringify(text.slice(0, 20))}`, () => {
    for (const used of [subject, 60, 75, 200]) {
      const value = encodeText(text, used);
      assert.equal(read(value), text.trim());
      const lines = value.split("\n");
      for (const line of lines.slice(1)) {
        assert.match(line, /^ .*[^ ]/);
        assert.ok(line.length <= 78 || !line.includes("=?"), line);
      }
      assert.match(value, /^[\n\x20-\x7e]*$/);
    }
  });
}

test("lines with encoded words have at most 76 characters, the name counted", () => {
  const lines = `Subject: ${encodeText("größer als ".repeat(20), subject)}`.split("\n");
  assert.ok(lines.length > 2);
  for (const line of lines) assert.ok(line.length <= 76, line);
});

test("no text adds a field or a line", () => {
  for (const hostile of ["a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil: 1", "a\0b", "a\u0085b", "a\u2028b"]) {
    assert.match(encodeText(hostile, subject), /^a [\x20-\x7e]+$/);
  }
  assert.equal(read(encodeText("ü\r\n\r\nbody", subject)), "ü body");
});

test("lone surrogates and endless texts do no harm", () => {
  assert.equal(read(encodeText("a\ud800b", subject)), "a\ufffdb");
  assert.ok(encodeText("ü".repeat(1_000_000), subject).length < 60_000);
});

test("folds with CRLF for who writes a message itself", () => {
  const value = encodeText("word ".repeat(40), subject, "\r\n");
  assert.match(value, /word\r\n word/);
  assert.doesNotMatch(value.replaceAll("\r\n", ""), /[\r\n]/);
});
