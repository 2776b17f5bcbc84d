import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageBuilder } from "./message.ts";

const limits = { maxMessage: 1000, maxHeaders: 10, maxHeaderBytes: 500 };
const header = (name: string, value: string) => ({
  name: Buffer.from(name, "latin1"),
  value: Buffer.from(value, "latin1"),
});

function build(leadingSpace: boolean, headers: readonly [string, string][], body: readonly string[] = []) {
  const message = new MessageBuilder(limits, leadingSpace);
  for (const [name, value] of headers) message.addHeader(header(name, value));
  message.endHeaders();
  for (const chunk of body) message.addBody(Buffer.from(chunk, "latin1"));
  return message.build();
}

test("with blanks: exactly the bytes, folds with CRLF", () => {
  const { raw, headerNames } = build(
    true,
    [
      ["From", " a@example.org"],
      ["SUBJECT", "no blank"],
      ["X-Fold", "\n folded at once\n\t and again"],
      ["X-Crlf", " one\r\n two"],
      ["X-Bytes", "  \xff\r\xfe"],
      ["X-Empty", ""],
    ],
    ["body\r\n", "more"],
  );
  assert.equal(
    raw.toString("latin1"),
    "From: a@example.org\r\nSUBJECT:no blank\r\nX-Fold:\r\n folded at once\r\n\t and again\r\n" +
      "X-Crlf: one\r\n two\r\nX-Bytes:  \xff\r\xfe\r\nX-Empty:\r\n\r\nbody\r\nmore",
  );
  assert.deepEqual(headerNames, ["from", "subject", "x-fold", "x-crlf", "x-bytes", "x-empty"]);
});

test("without blanks: the one that the server took comes back", () => {
  const { raw } = build(false, [
    ["From", "a@example.org"],
    ["X-Two", " second blank"],
    ["X-Tab", "\ttab"],
    ["X-Fold", "\n folded at once"],
  ]);
  assert.equal(
    raw.toString("latin1"),
    "From: a@example.org\r\nX-Two:  second blank\r\nX-Tab:\ttab\r\nX-Fold:\r\n folded at once\r\n\r\n",
  );
});

test("no headers, and no sign of their end", () => {
  const message = new MessageBuilder(limits, true);
  message.addBody(Buffer.from("body"));
  assert.equal(message.build().raw.toString(), "\r\nbody");
  assert.equal(new MessageBuilder(limits, true).build().raw.toString(), "\r\n");
});

test("limits: the size is the size of the message", () => {
  const exact = new MessageBuilder({ ...limits, maxMessage: 10 }, true);
  exact.addHeader(header("A", "1"));
  exact.addBody(Buffer.from("abc"));
  assert.equal(exact.overLimit, undefined);
  assert.equal(exact.build().raw.length, 10);
  exact.addBody(Buffer.from("d"));
  assert.equal(exact.overLimit, "more than 10 bytes");
  assert.equal(exact.size, 11);
});

test("limits: headers and their bytes", () => {
  const many = new MessageBuilder(limits, true);
  for (let n = 0; n < 11; n++) many.addHeader(header("A", "1"));
  assert.equal(many.overLimit, "more than 10 headers");
  const large = new MessageBuilder(limits, true);
  large.addHeader(header("A", "x".repeat(500)));
  assert.equal(large.overLimit, "more than 500 bytes of headers");
  large.addHeader(header("B", "x".repeat(500)));
  assert.equal(large.overLimit, "more than 500 bytes of headers");
  assert.equal(large.build().raw.toString(), "\r\n", "nothing is kept");
});
