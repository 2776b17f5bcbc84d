import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../message/analyse.ts";
import { messageDigest } from "./digest.ts";

function digestOf(text: string): string {
  const { raw, headers, structure } = analyse(Buffer.from(text));
  return messageDigest(raw, headers, structure);
}

const mail = "From: a@example.org\nSubject: x\nMessage-ID: <1@example.org>\n\nHello\n\nworld\n";

test("a mail that was delivered and stored is the mail that was scanned", () => {
  const digest = digestOf(mail);
  assert.match(digest, /^[0-9a-f]{32}$/);
  assert.equal(digestOf(mail.replaceAll("\n", "\r\n")), digest);
  assert.equal(
    digestOf(`Received: from a by b; now\nX-Spam: Yes\n${mail.replace("Subject: x", "Subject: [SPAM] x")}`),
    digest,
  );
  assert.equal(digestOf(`${mail}\n\n`), digest);
  assert.equal(digestOf(mail.trimEnd()), digest);
});

test("a relay that encodes the body anew, or a mailbox file that quotes From, makes no other mail", () => {
  const text = "Grüße = greetings\n\n>From you to me\nFrom me to you\nx >From y\n";
  const whole = (encoding: string, body: string) =>
    `Message-ID: <1@example.org>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}`;
  const digest = digestOf(whole("8bit", text));
  const printable = text.replaceAll("=", "=3D").replace("ü", "=C3=BC").replace("ß", "=C3=\n=9F");
  assert.equal(digestOf(whole("quoted-printable", printable)), digest);
  assert.equal(digestOf(whole("base64", Buffer.from(text.replaceAll("\n", "\r\n")).toString("base64"))), digest);
  assert.equal(digestOf(whole("8bit", text.replace(/^(?=>*From )/gm, ">"))), digest);
  assert.notEqual(digestOf(whole("8bit", text.replace("x >From", "x From"))), digest);
});

test("each part counts, once", () => {
  const inner = "Message-ID: <2@example.org>\nContent-Type: text/plain\n\nwithin\n";
  const whole = (first: string, second = inner, type = "message/rfc822", boundary = "b") =>
    `Message-ID: <1@example.org>\nContent-Type: multipart/mixed; boundary=${boundary}\n\nbefore\n--${boundary}\n\n${first}\n--${boundary}\nContent-Type: ${type}\n\n${second}\n--${boundary}--\n`;
  const digest = digestOf(whole("one"));
  assert.equal(digestOf(whole("one", inner, "message/rfc822", "other")), digest);
  assert.notEqual(digestOf(whole("two")), digest);
  assert.notEqual(digestOf(whole("one", inner.replace("within", "without"))), digest);
  // No reader sees parts in these, or not all of them: what is there counts as it came.
  const broken = (body: string) =>
    digestOf(`Message-ID: <1@example.org>\nContent-Type: multipart/mixed; boundary=b\n\n${body}\n`);
  assert.notEqual(broken("one"), broken("two"));
  const many = "--b\n\nx\n".repeat(600);
  assert.notEqual(broken(`${many}--b\n\none\n--b--`), broken(`${many}--b\n\ntwo\n--b--`));
});

test("another body or Message-ID is another mail", () => {
  const digest = digestOf(mail);
  assert.notEqual(digestOf(mail.replace("Hello", "hello")), digest);
  assert.notEqual(digestOf(mail.replace("Hello\n\n", "Hello\n")), digest);
  assert.notEqual(digestOf(mail.replace("<1@", "<2@")), digest);
});

test("without a Message-ID the author and the date tell mails apart", () => {
  const bare = "From: a@example.org\nDate: Mon, 12 Jan 2026 10:00:00 +0000\n\nHello\n";
  assert.equal(digestOf(bare), digestOf(`Received: x\n${bare}`));
  assert.notEqual(digestOf(bare), digestOf(bare.replace("a@", "b@")));
  assert.notEqual(digestOf(bare), digestOf(bare.replace("10:00:00", "10:00:01")));
  assert.equal(digestOf("\n"), digestOf("\n"));
});
