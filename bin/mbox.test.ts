import assert from "node:assert/strict";
import { test } from "node:test";
import { splitMails } from "./mbox.ts";

/** The mails of a text that arrives in chunks of so many bytes. */
async function split(text: string, size = 65_536): Promise<readonly (string | null)[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const mails: (string | null)[] = [];
  for await (const mail of splitMails(chunks())) mails.push(mail?.toString("latin1") ?? null);
  return mails;
}

const first = "From: a@example.org\n\nHello\n";
const second = "From: b@example.org\n\nFrom here on\n\n>>From there, too\nFrom Joe Thu Jan  1 00:00:00 2026\n\n";
const third = "Subject: no body\n";
const divider = "From a@example.org Thu Jan 15 12:00:00 2026\n";
const mailbox = `${divider}${first}\n${divider}${second.replace(/^>*From /gm, ">$&")}\n${divider}${third}`;

test("a file of one mail, whatever its lines say", async () => {
  const mail = `Subject: x\n\n${divider}>From me\n\n${divider}end`;
  assert.deepEqual(await split(mail), [mail]);
  assert.deepEqual(await split(""), []);
});

test("a mailbox: From lines divide after an empty line, and quoting is undone", async () => {
  for (const size of [1, 2, 3, 7, 64, 65_536]) {
    assert.deepEqual(await split(mailbox, size), [`${first}\n`, `${second}\n`, third]);
  }
});

test("a mailbox that begins with empty lines, and a mail that does", async () => {
  assert.deepEqual(await split(`\n\n${mailbox}`, 3), [`${first}\n`, `${second}\n`, third]);
  for (const mail of [`\r\n\n${first}`, "\n", "\n\n"]) assert.deepEqual(await split(mail), [mail]);
});

test("a mailbox with CRLF", async () => {
  const mails = await split(mailbox.replaceAll("\n", "\r\n"), 10);
  assert.deepEqual(
    mails.map((mail) => mail?.replaceAll("\r\n", "\n")),
    [`${first}\n`, `${second}\n`, third],
  );
});

test("a From line without a date, or within a paragraph, is text", async () => {
  const mail = `${first}\nFrom now on there are no dates\nand\n${divider}`;
  assert.deepEqual(await split(`${divider}${mail}\n${divider}${third}`), [`${mail}\n`, third]);
});

test("the end of a very long line is no line of its own", async () => {
  const long = "x".repeat(65_537);
  for (const end of ["", divider.trimEnd(), ">From x"]) {
    const mail = `${first}\n${long}${end}\n${divider}more\n`;
    for (const size of [100, 65_536, 65_537]) assert.deepEqual(await split(`${divider}${mail}`, size), [mail]);
  }
});

test("a mail that is too large is told, and the others come", async () => {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(divider + first);
    const line = Buffer.alloc(1024 * 1024, `${"x".repeat(1023)}\n`);
    for (let n = 0; n < 129; n++) yield line;
    yield Buffer.from(`\n${divider}${third}`);
  }
  const sizes: (number | undefined)[] = [];
  for await (const mail of splitMails(chunks())) sizes.push(mail?.length);
  assert.deepEqual(sizes, [undefined, third.length]);
});
