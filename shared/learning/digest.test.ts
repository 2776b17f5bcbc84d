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
