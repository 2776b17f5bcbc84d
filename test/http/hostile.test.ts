// Clients that break rules: Haraka's habits, older protocols, and those who mean harm.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway, type TestGateway } from "./gateway.ts";
import { talk } from "./raw-client.ts";

const mail = "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n";
let gateway: TestGateway;
before(async () => {
  gateway = await startGateway({ http: "max_message = 100kb; max_headers = 64kb" });
});
after(() => gateway.close());

test("Haraka: chunked without a length, repeated Rcpt, a broken SPF header", async () => {
  const reply = await talk(gateway.scan, [
    "POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n",
    "From: <s@example.org>\r\nRcpt: <one@example.org>\r\nRcpt: <two@example.org>\r\nIP: 192.0.2.1\r\n",
    "SPF: [object Object]\r\nAuthorization: Basic abc\r\n\r\n",
    ...(mail.match(/[\s\S]{1,10}/g)?.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`) ?? []),
    "0\r\n\r\n",
  ]);
  assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/);
  const asked = gateway.asked.at(-1);
  assert.equal(asked?.message, mail);
  assert.deepEqual(asked?.request.envelope.rcpts, ["one@example.org", "two@example.org"]);
  assert.equal(asked?.request.requestHeaders?.authorization, undefined);
});

test("a quote in one recipient does not swallow the next", async () => {
  const request = `POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRcpt: "a@b\r\nRcpt: r@example.org\r\nContent-Length: 1\r\n\r\nx`;
  await talk(gateway.scan, [request]);
  const envelope = gateway.asked.at(-1)?.request.envelope;
  assert.deepEqual([envelope?.rcpts, envelope?.invalid], [["r@example.org"], ['"a@b']]);
});

test("two thousand recipients all arrive", async () => {
  const rcpts = Array.from({ length: 2000 }, (_, at) => `Rcpt: r${at}@example.org\r\n`).join("");
  await talk(gateway.scan, [
    `POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${rcpts}Content-Length: 1\r\n\r\nx`,
  ]);
  assert.equal(gateway.asked.at(-1)?.request.envelope.rcpts.length, 2000);
});

test("addresses in UTF-8 arrive as such", async () => {
  const head = Buffer.from(
    "POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nFrom: jürgen@exämple.org\r\n",
    "utf8",
  );
  await talk(gateway.scan, [head, "Content-Length: 1\r\n\r\nx"]);
  assert.equal(gateway.asked.at(-1)?.request.envelope.from, "jürgen@exämple.org");
});

test("a message that breaks off is not scanned", async () => {
  const asked = gateway.asked.length;
  await talk(gateway.scan, ["POST /checkv2 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"], false);
  await talk(
    gateway.scan,
    ["POST /checkv2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"],
    false,
  );
  await talk(gateway.scan, ["CHECK RSPAMC/1.3\r\nContent-length: 100\r\n\r\nhalf"], false);
  assert.equal(gateway.asked.length, asked);
  const reply = await fetch(`${gateway.scan}/checkv2`, { method: "POST", body: mail });
  assert.equal(reply.status, 200);
});

test("a chunked body beyond the limit is refused while it arrives", async () => {
  const asked = gateway.asked.length;
  const piece = `2800\r\n${"a".repeat(0x2800)}\r\n`;
  const head = "POST /checkv2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const reply = await talk(gateway.scan, [head, ...Array.from({ length: 11 }, () => piece)]);
  assert.match(reply, /^HTTP\/1\.1 513 /);
  assert.equal(gateway.asked.length, asked);
});

test("what is no HTTP gets an answer and the connection is closed", async () => {
  assert.match(await talk(gateway.scan, ["\x00\x01\x02\r\n\r\n"]), /^HTTP\/1\.1 400 /);
  assert.match(
    await talk(gateway.scan, [`GET /ping HTTP/1.1\r\nX: ${"a".repeat(70_000)}\r\n\r\n`]),
    /^HTTP\/1\.1 431 /,
  );
  assert.match(await talk(gateway.scan, ["PROCESS SPAMC/1.2\r\n\r\n"]), /^HTTP\/1\.1 400 /);
  assert.match(await talk(gateway.controller, ["CHECK SPAMC/1.2\r\n\r\n"]), /^HTTP\/1\.1 400 /);
  const smuggled =
    "POST /checkv2 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  assert.match(await talk(gateway.scan, [smuggled]), /^HTTP\/1\.1 400 /);
});

test("odd paths and query arguments", async () => {
  for (const path of ["/%zz", "/checkv2%00", "//", "/..%2f..", "/checkv2/../../x", `/${"a".repeat(9000)}`]) {
    const reply = await talk(gateway.scan, [
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    ]);
    assert.match(reply, /^HTTP\/1\.1 5\d\d /, path);
    assert.ok(reply.includes('{"error":"'), path);
  }
  const query = "__proto__=x&constructor=y&from=%ff%zz&rcpt=";
  const reply = await talk(gateway.scan, [
    `POST /checkv2?${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx`,
  ]);
  assert.match(reply, /^HTTP\/1\.1 200 /);
});

test("Exim's way: RSPAMC/1.3", async () => {
  const head = `CHECK RSPAMC/1.3\r\nContent-length: ${mail.length}\r\nQueue-Id: 1abc\r\nFrom: <s@example.org>\r\n`;
  const rest =
    "Recipient-Number: 2\r\nRcpt: <a@example.org>\r\nRcpt: <b@example.org>\r\nHelo: h\r\nIP: 192.0.2.1\r\nUser: joe\r\n\r\n";
  for (const pieces of [[head + rest + mail], [head, rest, mail.slice(0, 5), mail.slice(5)]]) {
    const reply = await talk(gateway.scan, pieces);
    assert.equal(
      reply,
      [
        "RSPAMD/1.3 0 EX_OK",
        "Metric: default; True; 7.30 / 15.00 / 0.0",
        "Action: add header",
        "Symbol: MISSING_DATE(1.00)",
        "Symbol: R_SPF_FAIL(6.30)",
        "Message-ID: m1@example.org",
        "",
        "",
      ].join("\r\n"),
    );
    const asked = gateway.asked.at(-1);
    assert.equal(asked?.message, mail);
    assert.deepEqual(asked?.request.envelope, {
      queueId: "1abc",
      from: "s@example.org",
      rcpts: ["a@example.org", "b@example.org"],
      helo: "h",
      ip: "192.0.2.1",
      user: "joe",
    });
  }
});

test("spamc's way: the user is not a login, the length may be missing", async () => {
  const reply = await talk(gateway.scan, [`SYMBOLS SPAMC/1.5\r\nUser: joe\r\n\r\n${mail}`], false);
  assert.equal(
    reply,
    "SPAMD/1.1 0 EX_OK\r\nContent-length: 25\r\nSpam: True ; 7.30 / 15.00\r\n\r\nMISSING_DATE,R_SPF_FAIL\r\n",
  );
  assert.equal(gateway.asked.at(-1)?.message, mail);
  assert.equal(gateway.asked.at(-1)?.request.envelope.user, undefined);
  assert.equal(await talk(gateway.scan, ["PING SPAMC/1.2\r\n\r\n"]), "SPAMD/1.5 0 PONG\r\n");
  assert.match(
    await talk(gateway.scan, ["CHECK SPAMC/1.2\r\nContent-length: 9999999\r\n\r\n"]),
    /^SPAMD\/1\.1 75 EX_TEMPFAIL /,
  );
  assert.match(
    await talk(gateway.scan, ["CHECK SPAMC/1.2\r\nContent-length: -1\r\n\r\n"]),
    /^SPAMD\/1\.1 75 EX_TEMPFAIL /,
  );
});
