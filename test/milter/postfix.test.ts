// Mail through Postfix and the filter, and what arrives behind them. Most of it with the whole filter; verdicts that it
// does not come to yet are those of a fake coordinator.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { simpleParser } from "mailparser";
import type { Sluice } from "../servers/sluice.ts";
import { type FakeFilter, startFakeFilter } from "./fake-filter.ts";
import { type Entrance, type Postfix, startPostfix } from "./postfix.ts";
import { startRealFilter } from "./real-filter.ts";
import { type Sink, startSink } from "./sink.ts";
import { openSmtp } from "./smtp-client.ts";

let filter: Sluice;
let fakeFilter: FakeFilter;
let postfix: Postfix;
let sink: Sink;
/** The ways in: through the whole filter, and through the fake coordinator. */
let real: Entrance;
let fake: Entrance;

before(async () => {
  filter = await startRealFilter();
  fakeFilter = await startFakeFilter();
  sink = await startSink();
  // As for mail from elsewhere: Postfix adds no header that is missing.
  const settings = { local_header_rewrite_clients: "" };
  postfix = await startPostfix({ milters: [filter.milter, fakeFilter.port], deliverTo: sink.port, settings });
  const [first, second] = postfix.entrances;
  assert.ok(first && second);
  real = first;
  fake = second;
});

after(async () => {
  await postfix?.stop();
  await sink?.close();
  await fakeFilter?.close();
  await filter?.close();
});

const gtube = (letter: string) => `${letter}JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X`;
const date = `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`;
const mail = (id: string, body: string, ...more: string[]) =>
  [`From: a@example.net`, `To: b@example.org`, date, `Message-ID: <${id}@example.net>`, ...more, "", body, ""].join(
    "\n",
  );
/** What nobody sends in earnest: no From, To, Date, Subject or Message-ID. */
const spam = (id: string, ...more: string[]) => [`X-Id: <${id}@example.net>`, ...more, "", "Buy now", ""].join("\n");
const arrived = (id: string) => sink.find(({ message }) => message.includes(`<${id}@example.net>`));
const copies = (id: string) => sink.delivered.filter(({ message }) => message.includes(`<${id}@example.net>`)).length;
const verdict = (said: object) => `X-Verdict: ${JSON.stringify(said)}`;
/** Whole fields of this name, unfolded. */
const fields = (message: string, name: string) =>
  [...(message.split("\r\n\r\n", 1)[0] ?? "").replace(/\r\n[ \t]+/g, " ").matchAll(/^([^:\r\n]+): *(.*)$/gm)]
    .filter(([, found]) => found?.toLowerCase() === name.toLowerCase())
    .map(([, , value]) => value?.trim());

test("good mail: accepted unmarked, with the configured headers, without those of the sender's own", async () => {
  const forged = ["X-Spam: No", "Authentication-Results: mx.example.org; dkim=pass header.d=bank.example"];
  assert.match(await real.send({ message: mail("good", "Hello", "Subject: Hello", ...forged) }), /^250 /);
  const { message, from, rcpts } = await arrived("good");
  assert.deepEqual([from, rcpts], ["sender@example.net", ["rcpt@example.org"]]);
  assert.deepEqual(fields(message, "X-Spam"), []);
  assert.deepEqual(fields(message, "X-Rspamd-Action"), ["no action"]);
  assert.match(fields(message, "X-Spamd-Result").join(), /^default: False \[-?\d+\.\d\d \/ 60\.00\]/);
  assert.match(fields(message, "X-Spam-Status").join(), /^No, score=-?\d+\.\d\d$/);
  const results = fields(message, "Authentication-Results");
  assert.equal(results.length, 1);
  assert.match(results.join(), /^mx\.example\.org; /);
  assert.doesNotMatch(results.join(), /bank\.example/);
});

test("spam: marked above the threshold, and every old mark is gone", async () => {
  assert.match(await real.send({ message: spam("marked", "X-Spam: No", "X-Other: stays", "X-Spam: Never") }), /^250 /);
  const { message } = await arrived("marked");
  assert.deepEqual(fields(message, "X-Spam"), ["Yes"]);
  assert.deepEqual(fields(message, "X-Other"), ["stays"]);
  assert.deepEqual(fields(message, "X-Rspamd-Action"), ["add header"]);
  assert.match(fields(message, "X-Spamd-Result").join(), /MISSING_FROM\(\d\.\d\d\)\[/);
  assert.match(fields(message, "X-Spam-Status").join(), /^Yes, score=\d+\.\d\d$/);
  assert.match(fields(message, "X-Spam-Level").join(), /^\*{6,}$/);
});

test("GTUBE is refused, and nothing of it arrives", async () => {
  const reply = await real.send({ message: mail("gtube", gtube("X"), "Subject: Hello") });
  assert.equal(reply, "554 5.7.1 Gtube pattern");
  assert.equal(copies("gtube"), 0);
});

test("subject rewritten above the configured threshold", async () => {
  await real.send({ message: mail("rewritten", "text", "Subject: Hello", verdict({ score: 45 })) });
  const { message } = await arrived("rewritten");
  assert.deepEqual(fields(message, "Subject"), ["*** SPAM *** Hello"]);
});

test("subject rewritten beyond ASCII, as another reader sees it", async () => {
  const subject = "Grüße aus Köln, und das ist noch lange nicht alles 日本語";
  const encoded = `Subject: =?UTF-8?B?${Buffer.from(subject.slice(0, 12)).toString("base64")}?=\n =?UTF-8?B?${Buffer.from(subject.slice(12)).toString("base64")}?=`;
  const message = mail("umlaut", "text", encoded, verdict({ score: 45 }));
  await real.send({ message, to: "german@example.org" });
  const delivered = (await arrived("umlaut")).message;
  assert.equal(fields(delivered, "Subject").length, 1);
  assert.doesNotMatch(delivered, /^[^\r\n]{79,}$/m);
  assert.equal((await simpleParser(Buffer.from(delivered, "latin1"))).subject, `[SPÄM] ${subject}`);
});

test("settings by recipient: unmarked, refused with its own words, and greylist defers nobody", async () => {
  assert.match(await real.send({ message: spam("friend"), to: "friend@example.org" }), /^250 /);
  assert.deepEqual(fields((await arrived("friend")).message, "X-Spam"), []);
  const refused = await real.send({ message: spam("strict"), to: "strict@example.org" });
  assert.equal(refused, "554 5.7.1 Not for this recipient");
  assert.match(await real.send({ message: spam("grey"), to: "grey@example.org" }), /^250 /);
  assert.deepEqual(fields((await arrived("grey")).message, "X-Rspamd-Action"), ["greylist"]);
});

test("5 MB of whatever bytes come out as they went in", async () => {
  const odd = [
    "X-At-Once:",
    "\tfolded at once",
    "X-None:no blank",
    "X-Tab:\ttab",
    "X-Bytes: \xfc\xff",
    "Subject: Hello",
  ];
  // Every byte but CR, LF and NUL, in lines that SMTP allows.
  const bytes = randomBytes(5 * 1024 * 1024).map((byte) => (byte === 10 || byte === 13 || byte === 0 ? 46 : byte));
  const body =
    Buffer.from(bytes)
      .toString("latin1")
      .match(/.{1,900}/gs)
      ?.join("\n") ?? "";
  const message = mail("large", body, ...odd);
  assert.match(await real.send({ message }), /^250 /);
  const delivered = (await arrived("large")).message;
  const [head = "", ...rest] = message.replaceAll("\n", "\r\n").split("\r\n\r\n");
  assert.ok(delivered.includes(`\r\n${head}\r\n`), "the headers stand together as they came");
  const after = delivered.slice(delivered.indexOf("\r\n\r\n") + 4);
  const digest = (text: string) => createHash("sha256").update(Buffer.from(text, "latin1")).digest("hex");
  assert.equal(digest(after), digest(rest.join("\r\n\r\n")));
});

test("20 mails over one connection", async () => {
  const before = sink.delivered.length;
  await real.sendMany(20);
  await sink.find(() => sink.delivered.length >= before + 20);
  const seen = sink.delivered.slice(before).filter(({ message }) => fields(message, "X-Rspamd-Action").length === 1);
  assert.equal(seen.length, 20);
});

test("put off, with several lines and a per cent sign", async () => {
  const message = mail("later", "text", verdict({ action: "soft reject", message: "100% later\nreally %s" }));
  assert.equal(await real.send({ message }), "451 4.7.1 really %s");
  await postfix.logged("4.7.1 100% later");
  assert.equal(copies("later"), 0);
});

test("quarantined: held, not delivered", async () => {
  const message = mail("held", "text", verdict({ action: "quarantine" }));
  const id = /queued as (\w+)/.exec(await real.send({ message }))?.[1];
  assert.deepEqual(postfix.held(), [id]);
});

test("discarded: accepted, not delivered", async () => {
  assert.match(await real.send({ message: mail("gone", "text", verdict({ action: "discard" })) }), /^250 /);
  assert.match(postfix.log(), /milter-discard/);
});

test("fake coordinator: the filter sees the message byte for byte", async () => {
  const odd = ["X-At-Once:", "\tfolded at once", "X-None:no blank", "X-Two:  two blanks", "X-Fold: one\n two\n\tthree"];
  const message = mail("bytes", "body \xe9\n\n.dot\n..dots", "Subject: Hello", "X-Bytes: \xfc\xff", ...odd);
  await fake.send({ message });
  const sent = createHash("sha256")
    .update(Buffer.from(message.replaceAll("\n", "\r\n"), "latin1"))
    .digest("hex");
  assert.deepEqual(fields((await arrived("bytes")).message, "X-Digest"), [sent]);
});

test("fake coordinator: a new body of several packets", async () => {
  const changes = { body: "New lines, and a dot:\r\n.\r\n", times: 8000 };
  await fake.send({ message: mail("body", "old", "Subject: Hello", verdict({ changes })) });
  const { message } = await arrived("body");
  assert.equal(message.slice(message.indexOf("\r\n\r\n") + 4), changes.body.repeat(changes.times));
  assert.deepEqual(fields(message, "Subject"), ["Hello"]);
});

test("fake coordinator: sender, recipients, and places of headers", async () => {
  const changes = {
    changeFrom: "new@example.net",
    addRcpts: ["added@example.org"],
    deleteRcpts: ["rcpt@example.org"],
    addHeaders: [
      { name: "X-Top", value: "1", order: 0 },
      { name: "X-First", value: "1", order: 1 },
      { name: "X-Before-Last", value: "one\r\n two", order: -2 },
      { name: "X-Last", value: "1", order: -1 },
    ],
    dkimSignatures: ["v=1; d=example.org; b=abc"],
  };
  await fake.send({ message: mail("places", "text", verdict({ action: "no action", changes }), "X-End: 1") });
  const { from, rcpts, message } = await arrived("places");
  assert.deepEqual([from, rcpts], ["new@example.net", ["added@example.org"]]);
  const names = [...(message.split("\r\n\r\n")[0] ?? "").matchAll(/^([A-Z][\w-]*):/gm)].map((match) => match[1]);
  assert.deepEqual(names, [
    ...["X-Top", "DKIM-Signature", "X-First", "Received"],
    ...["From", "To", "Date", "Message-ID", "X-Verdict"],
    ...["X-Before-Last", "X-End", "X-Last"],
  ]);
  assert.match(message, /^X-Before-Last: one\r\n two\r$/m);
});

test("a client that greets anew in the middle of a mail: its next mail is looked at", async () => {
  const client = await openSmtp(fake.port);
  for (const greeting of ["EHLO", "HELO"]) {
    await client.say(`${greeting} client.example.net\r\n`);
    assert.match(await client.say("MAIL FROM:<lost@example.net>\r\n"), /^250 /);
    assert.match(await client.say("RCPT TO:<lost@example.org>\r\n"), /^250 /);
    assert.match(await client.say(`${greeting} again.example.net\r\n`), /^250 /);
    assert.match(await client.say("MAIL FROM:<a@example.net>\r\n"), /^250 /);
    assert.match(await client.say("RCPT TO:<b@example.org>\r\n"), /^250 /);
    assert.match(await client.say("DATA\r\n"), /^354 /);
    const message = mail(greeting, "text").replaceAll("\n", "\r\n");
    assert.match(await client.say(`${message}.\r\n`), /^250 /);
    const { from, rcpts } = await arrived(greeting);
    assert.deepEqual([from, rcpts], ["a@example.net", ["b@example.org"]]);
  }
  client.close();
});

test("a mail in chunks (BDAT), with a line of one dot, and a second one after chunks that were given up", async () => {
  const client = await openSmtp(fake.port);
  await client.say("EHLO client.example.net\r\n");
  const message = mail("chunks", "one\n.\n..two", "Subject: Hello").replaceAll("\n", "\r\n");
  for (const last of [false, true]) {
    await client.say("MAIL FROM:<a@example.net>\r\n");
    await client.say("RCPT TO:<b@example.org>\r\n");
    assert.match(await client.say(`BDAT 20\r\n${message.slice(0, 20)}`), /^250 /);
    if (!last) assert.match(await client.say("RSET\r\n"), /^250 /);
  }
  assert.match(await client.say(`BDAT ${message.length - 20} LAST\r\n${message.slice(20)}`), /^250 /);
  client.close();
  const sent = createHash("sha256").update(Buffer.from(message, "latin1")).digest("hex");
  assert.deepEqual(fields((await arrived("chunks")).message, "X-Digest"), [sent]);
  assert.equal(copies("chunks"), 1);
});

test("of several subjects none stays as it was, and of several headers those go that the verdict counts", async () => {
  const subjects = ["Subject: one", "X-Between: 1", "Subject: two"];
  await real.send({ message: mail("subjects", "text", ...subjects, verdict({ score: 45 })) });
  const marked = ["*** SPAM *** one", "*** SPAM *** one"];
  assert.deepEqual(fields((await arrived("subjects")).message, "Subject"), marked);
  const removeHeaders = [
    { name: "X-A", index: 2 },
    { name: "X-A", index: -1 },
    { name: "X-B", index: 7 },
  ];
  const several = ["X-A: 1", "X-B: 1", "X-A: 2", "x-a: 3", "X-A : 4", verdict({ changes: { removeHeaders } })];
  await fake.send({ message: mail("several", "text", ...several) });
  const { message } = await arrived("several");
  assert.deepEqual([fields(message, "X-A"), fields(message, "X-B")], [["1", "3"], ["1"]]);
});

test("killed in the middle of a scan: put off, and delivered once when the filter is back", async () => {
  const sending = real.send({ message: mail("killed", "text", verdict({ delay: 60_000 })) });
  await postfix.logged("<killed@example.net>");
  await filter.kill();
  assert.match(await sending, /^451 4\.7\.1 /);
  assert.match(await real.send({ message: mail("killed", "text") }), /^451 4\.7\.1 /);
  assert.equal(copies("killed"), 0);
  await filter.start();
  assert.match(await real.send({ message: mail("killed", "text") }), /^250 /);
  await arrived("killed");
  assert.equal(copies("killed"), 1);
});

test("stopped while mails are being scanned: all of them get their verdict", async () => {
  const ids = ["s1", "s2", "s3", "s4", "s5"];
  const slow = { delay: 2500 };
  const sending = ids.map((id) => real.send({ message: mail(id, "text", "Subject: Hello", verdict(slow)) }));
  const refused = real.send({ message: mail("s6", "text", verdict({ ...slow, action: "reject", message: "Not so" })) });
  for (const id of [...ids, "s6"]) await postfix.logged(`<${id}@example.net>`);
  assert.equal(await filter.stop(), 0);
  for (const reply of await Promise.all(sending)) assert.match(reply, /^250 /);
  assert.equal(await refused, "554 5.7.1 Not so");
  for (const id of ids) assert.deepEqual(fields((await arrived(id)).message, "X-Rspamd-Action"), ["no action"]);
  await filter.start();
});
