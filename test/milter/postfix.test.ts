// Mail through Postfix and the filter, and what arrives behind them.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { freePort } from "../servers/free-port.ts";
import { gtube } from "./fake-coordinator.ts";
import { type Filter, startFilter } from "./filter.ts";
import { type Postfix, startPostfix } from "./postfix.ts";
import { type Sink, startSink } from "./sink.ts";

let filter: Filter;
let postfix: Postfix;
let sink: Sink;
const milterPort = await freePort();

before(async () => {
  filter = await startFilter(milterPort);
  sink = await startSink();
  postfix = await startPostfix({ milter: `inet:127.0.0.1:${milterPort}`, deliverTo: sink.port });
});

after(async () => {
  await postfix?.stop();
  await sink?.close();
  await filter?.stop();
});

const date = "Date: Thu, 15 Jan 2026 12:00:00 +0000";
const mail = (id: string, body: string, ...more: string[]) =>
  [`From: a@example.net`, `To: b@example.org`, date, `Message-ID: <${id}@example.net>`, ...more, "", body, ""].join(
    "\n",
  );
const arrived = (id: string) => sink.find(({ message }) => message.includes(`<${id}@example.net>`));
const verdict = (said: object) => `X-Verdict: ${JSON.stringify(said)}`;

test("accepted, and the headers of the verdict are there", async () => {
  assert.match(await postfix.send({ message: mail("plain", "Hello", "Subject: Hello") }), /^250 /);
  const { message, from, rcpts } = await arrived("plain");
  assert.match(message, /^X-Digest: [0-9a-f]{64}\r$/m);
  assert.deepEqual([from, rcpts], ["sender@example.net", ["rcpt@example.org"]]);
});

test("GTUBE is rejected", async () => {
  const reply = await postfix.send({ message: mail("gtube", gtube("X"), "Subject: Hello") });
  assert.equal(reply, "554 5.7.1 Gtube pattern");
});

test("marked as spam: every old mark is gone", async () => {
  const marks = ["X-Spam: No", "X-Other: stays", "X-Spam: Never"];
  await postfix.send({ message: mail("marked", gtube("Y"), "Subject: Hello", ...marks) });
  const { message } = await arrived("marked");
  assert.deepEqual(message.match(/^X-Spam:.*$/gm), ["X-Spam: Yes"]);
  assert.match(message, /^X-Other: stays\r$/m);
});

test("subject rewritten", async () => {
  await postfix.send({ message: mail("rewritten", gtube("Z"), "Subject: Hello") });
  const { message } = await arrived("rewritten");
  assert.deepEqual(message.match(/^Subject:.*$/gm), ["Subject: ***SPAM*** Hello"]);
});

test("subject rewritten beyond ASCII", async () => {
  await postfix.send({ message: mail("umlaut", "text", verdict({ action: "rewrite subject", subject: "Grüße" })) });
  const { message } = await arrived("umlaut");
  assert.deepEqual(message.match(/^Subject:.*$/gm), ["Subject: =?UTF-8?B?R3LDvMOfZQ==?="]);
});

test("the filter sees the message byte for byte", async () => {
  const odd = [
    "X-At-Once:",
    "\tfolded at once",
    "X-None:no blank",
    "X-Two:  two blanks",
    "X-Tab:\ttab",
    "X-Bytes: \xfc\xff",
    "X-Fold: one\n two\n\tthree",
  ];
  const message = mail("bytes", "body \xe9\n\n.dot\n..dots", "Subject: Hello", ...odd);
  await postfix.send({ message });
  const sent = createHash("sha256")
    .update(Buffer.from(message.replaceAll("\n", "\r\n"), "latin1"))
    .digest("hex");
  assert.equal(/^X-Digest: (\w+)\r$/m.exec((await arrived("bytes")).message)?.[1], sent);
});

test("5 MB", async () => {
  const body = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n".repeat(5 * 16384);
  assert.match(await postfix.send({ message: mail("large", body, "Subject: Hello") }), /^250 /);
  const { message } = await arrived("large");
  assert.ok(message.includes(body.replaceAll("\n", "\r\n")));
});

test("20 mails over one connection", async () => {
  const before = sink.delivered.length;
  await postfix.sendMany(20);
  await sink.find(() => sink.delivered.length >= before + 20);
  const marked = sink.delivered.slice(before).filter(({ message }) => /^X-Digest: /m.test(message));
  assert.equal(marked.length, 20);
});

test("put off, with several lines and a per cent sign", async () => {
  const message = mail("later", "text", verdict({ action: "soft reject", message: "100% later\nreally %s" }));
  assert.equal(await postfix.send({ message }), "451 4.7.1 really %s");
  assert.match(postfix.log(), /4\.7\.1 100% later/);
});

test("quarantined: held, not delivered", async () => {
  const message = mail("held", "text", verdict({ action: "quarantine" }));
  const id = /queued as (\w+)/.exec(await postfix.send({ message }))?.[1];
  assert.deepEqual(postfix.held(), [id]);
});

test("discarded: accepted, not delivered", async () => {
  assert.match(await postfix.send({ message: mail("gone", "text", verdict({ action: "discard" })) }), /^250 /);
  assert.match(postfix.log(), /milter-discard/);
});

test("sender, recipients, and places of headers", async () => {
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
  await postfix.send({ message: mail("places", "text", verdict({ action: "no action", changes }), "X-End: 1") });
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

test("the filter dies while it looks at a mail: put off, and delivered once when it is back", async () => {
  const slow = mail("killed", "text", verdict({ action: "no action", delay: 60_000 }));
  const sending = postfix.send({ message: slow });
  await postfix.logged("<killed@example.net>");
  await filter.kill();
  assert.match(await sending, /^451 4\.7\.1 /);
  const down = await postfix.send({ message: mail("killed", "text") });
  assert.match(down, /^451 4\.7\.1 /);
  filter = await startFilter(milterPort);
  assert.match(await postfix.send({ message: mail("killed", "text") }), /^250 /);
  await arrived("killed");
  assert.equal(sink.delivered.filter(({ message }) => message.includes("<killed@example.net>")).length, 1);
});

test("stopped while it looks at a mail: that one still gets its verdict", async () => {
  const slow = mail("stopped", "text", verdict({ action: "reject", message: "in the end", delay: 1500 }));
  const sending = postfix.send({ message: slow });
  await postfix.logged("<stopped@example.net>");
  const code = await filter.stop();
  assert.equal(await sending, "554 5.7.1 in the end");
  assert.equal(code, 0);
  filter = await startFilter(milterPort);
});
