import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedMails } from "./attached-mails.ts";

const inner = "From: a@example.org\r\nSubject: one\r\n\r\nHello\r\n";
const part = (type: string, body: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
const report = (...parts: readonly string[]) =>
  `From: user@example.net\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join("")}--b--\r\n`;
const mailsIn = (text: string) => attachedMails(Buffer.from(text)).map(String);

test("the mails that are attached, whole, and those within them not again", () => {
  const encoded = `--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(inner).toString("base64")}\r\n`;
  const forwarded = "Subject: two\r\nContent-Type: message/rfc822\r\n\r\nSubject: three\r\n\r\nDeep";
  const text = report(part("text/plain", "This is spam"), part("message/rfc822", inner), encoded);
  assert.deepEqual(mailsIn(text), [inner, inner]);
  assert.deepEqual(mailsIn(report(part("message/rfc822", forwarded))), [forwarded]);
});

test("a mail without any", () => {
  assert.deepEqual(mailsIn(inner), []);
  assert.deepEqual(mailsIn(report(part("text/plain", inner))), []);
  assert.deepEqual(mailsIn(""), []);
});
