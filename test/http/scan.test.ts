// Scans over HTTP: what a client says arrives at the coordinator, and what it decides comes back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { unpack } from "msgpackr";
import { Fault } from "../../shared/fault.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { verdictOf } from "./verdict.ts";

const mail = "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n";
let gateway: TestGateway;
before(async () => {
  gateway = await startGateway({ http: "max_message = 100kb" });
});
after(() => gateway.close());

function post(
  path: string,
  headers: Record<string, string> = {},
  body: string | Uint8Array<ArrayBuffer> = mail,
  door = gateway.scan,
) {
  return fetch(`${door}${path}`, { method: "POST", headers, body });
}

function lastAsked() {
  const asked = gateway.asked.at(-1);
  assert.ok(asked);
  return asked;
}

test("every header of a scan reaches the coordinator", async () => {
  const reply = await post("/checkv2", {
    From: "<sender@example.org>",
    Rcpt: 'one@example.org, "a,b"@example.org',
    IP: "192.0.2.1",
    Helo: "mx.example.org",
    Hostname: "host.example.org",
    User: "login",
    "Queue-Id": "4XyZ",
    "Deliver-To": "<box@example.org>",
    "Settings-ID": "outgoing",
    Settings: '{"symbols_disabled":["X"]}',
    Pass: "all",
    Subject: "other",
    Raw: "yes",
    Log: "no",
    "Log-Tag": "tag-1",
    "MTA-Tag": "mta",
    "MTA-Name": "mx1",
    "TLS-Cipher": "TLS_AES_256",
    "TLS-Version": "TLSv1.3",
    "TLS-Cert-Issuer": "an issuer",
    Mailer: "smtp",
    Filename: "mail.eml",
    "X-Rspamd-Mail-Esmtp-Args": "SIZE=100",
    "X-Rspamd-Rcpt-Esmtp-Args": "1:NOTIFY=NEVER",
    Password: "secret",
    "X-Own": "value",
  });
  assert.equal(reply.status, 200);
  const { request, message } = lastAsked();
  assert.equal(message, mail);
  const { requestHeaders, facts: _, ...rest } = request;
  assert.deepEqual(rest, {
    id: "tag-1",
    envelope: {
      from: "sender@example.org",
      rcpts: ["one@example.org", '"a,b"@example.org'],
      ip: "192.0.2.1",
      helo: "mx.example.org",
      hostname: "host.example.org",
      user: "login",
      queueId: "4XyZ",
      deliverTo: "box@example.org",
      mtaTag: "mta",
      mtaName: "mx1",
      tlsCipher: "TLS_AES_256",
      tlsVersion: "TLSv1.3",
      tlsIssuer: "an issuer",
      mailer: "smtp",
      filename: "mail.eml",
      mailArgs: { SIZE: "100" },
      rcptArgs: [{}, { NOTIFY: "NEVER" }],
    },
    clientIp: "127.0.0.1",
    passAll: true,
    noLog: true,
    plain: true,
    subject: "other",
    settings: '{"symbols_disabled":["X"]}',
    settingsId: "outgoing",
  });
  assert.equal(requestHeaders?.["x-own"], "value");
  assert.equal(requestHeaders?.password, undefined);
});

test("a path is read without case, and /check answers in the old form", async () => {
  assert.equal((await post("/checkV2")).status, 200);
  assert.equal((await post("/CHECKV2/")).status, 200);
  for (const path of ["/check", "/symbols", "/scan", "/process", "/report", "/report_ifspam"]) {
    const body = (await (await post(path)).json()) as { default: Record<string, unknown> };
    assert.equal(Object.keys(body)[0], "default", path);
    assert.equal(Object.keys(body.default)[0], "is_spam", path);
    assert.deepEqual(body.default.MISSING_DATE, { name: "MISSING_DATE", score: 1, description: "no Date header" });
  }
});

test("/skip asks for nothing to be looked at", async () => {
  assert.equal((await post("/skip")).status, 200);
  assert.equal(lastAsked().request.skip, true);
});

test("flags are read, and unknown ones do no harm", async () => {
  assert.equal((await post("/checkv2", { Flags: "pass_all, no_log,body_block,bogus" })).status, 200);
  assert.equal(lastAsked().request.passAll, true);
  assert.equal(lastAsked().request.noLog, true);
  const reply = await post("/checkv2", { Flags: "groups,profile" });
  const body = (await reply.json()) as Record<string, unknown>;
  assert.deepEqual(body.groups, { headers: { score: 1 }, spf: { score: 6.3 } });
  assert.deepEqual(body.profile, { SITE_SPF_CHECK: 2250 });
  assert.deepEqual(body.profile_wait, { SITE_SPF_CHECK: 500 });
});

test("query arguments stand for headers on the scan listener only", async () => {
  await post("/checkv2?from=q@example.org&ip=192.0.2.9&rcpt=r1@example.org&rcpt=r2@example.org", {
    From: "h@example.org",
  });
  assert.deepEqual(lastAsked().request.envelope, {
    from: "h@example.org",
    ip: "192.0.2.9",
    rcpts: ["r1@example.org", "r2@example.org"],
  });
  await post("/checkv2?from=q@example.org", {}, mail, gateway.controller);
  assert.deepEqual(lastAsked().request.envelope, { rcpts: [] });
});

test("the null sender is a sender, and an unreadable address is noted", async () => {
  await post("/checkv2", { From: "<>", Rcpt: "not an address" });
  assert.deepEqual(lastAsked().request.envelope, { from: "", rcpts: [], invalid: ["not an address"] });
});

test("the body may be compressed, by header or by its first bytes", async () => {
  for (const [headers, body] of [
    [{ Compression: "zstd" }, zstdCompressSync(mail)],
    [{ "Content-Encoding": "zstd" }, zstdCompressSync(mail)],
    [{}, zstdCompressSync(mail)],
    [{ "Content-Encoding": "gzip" }, gzipSync(mail)],
  ] as const) {
    assert.equal((await post("/checkv2", headers, new Uint8Array(body))).status, 200);
    assert.equal(lastAsked().message, mail);
  }
});

test("a body that grows beyond the limit is refused", async () => {
  const bomb = "a".repeat(10_000_000);
  const asked = gateway.asked.length;
  for (const [door, status] of [
    [gateway.scan, 513],
    [gateway.controller, 413],
  ] as const) {
    for (const body of [zstdCompressSync(bomb), gzipSync(bomb)]) {
      const encoding = body[0] === 0x1f ? "gzip" : "zstd";
      const reply = await post("/checkv2", { "Content-Encoding": encoding }, new Uint8Array(body), door);
      assert.equal(reply.status, status);
      assert.deepEqual(await reply.json(), { error: "the message is larger than 102400 bytes" });
    }
    assert.equal((await post("/checkv2", {}, "a".repeat(102_401), door)).status, status);
  }
  assert.equal(gateway.asked.length, asked);
  assert.equal((await post("/checkv2", {}, "a".repeat(102_400))).status, 200);
});

test("a body that is not what its header says is refused", async () => {
  for (const headers of [{ Compression: "zstd" }, { "Content-Encoding": "gzip" }, { "Content-Encoding": "br" }]) {
    const reply = await post("/checkv2", headers as Record<string, string>);
    assert.equal(reply.status, 500);
    assert.deepEqual(Object.keys((await reply.json()) as object), ["error"]);
    assert.equal((await post("/checkv2", headers as Record<string, string>, mail, gateway.controller)).status, 400);
  }
});

test("any content type, even one that is none", async () => {
  for (const type of ["text/plain", "message/rfc822", "application/json", ";;;", "a/b; c="]) {
    assert.equal((await post("/checkv2", { "Content-Type": type })).status, 200);
    assert.equal(lastAsked().message, mail);
  }
});

test("an empty message is a message", async () => {
  assert.equal((await post("/checkv2", {}, "")).status, 200);
  assert.equal(lastAsked().message, "");
});

test("a reply comes in the form that the client accepts", async () => {
  const packed = await post("/checkv2", { Accept: "application/msgpack" });
  assert.equal(packed.headers.get("content-type"), "application/msgpack");
  const plain = (await (await post("/checkv2")).json()) as object;
  assert.deepEqual(unpack(Buffer.from(await packed.arrayBuffer())), plain);

  const many = Array.from({ length: 50 }, (_, at) => `option ${at} of many`);
  const symbols = [{ name: "BIG", score: 1, weight: 1, group: "g", about: "", options: many }];
  const big = await startGateway({ answer: () => verdictOf({ symbols }) });
  try {
    const zstd = await post("/checkv2", { "Accept-Encoding": "gzip;q=0.5, zstd" }, mail, big.scan);
    assert.equal(zstd.headers.get("content-encoding"), "zstd");
    assert.equal(zstd.headers.get("compression"), "zstd");
    const gzip = await post("/checkv2", { "Accept-Encoding": "gzip, zstd;q=0" }, mail, big.scan);
    assert.equal(gzip.headers.get("content-encoding"), "gzip");
    const none = await post("/checkv2", { "Accept-Encoding": "identity" }, mail, big.scan);
    assert.equal(none.headers.get("content-encoding"), null);
    assert.deepEqual(await gzip.json(), await none.json());
  } finally {
    await big.close();
  }
});

test("a rewritten message follows the verdict when the client asks for it", async () => {
  const changes = { addHeaders: [], removeHeaders: [], dkimSignatures: [], body: Buffer.from("new\r\n") };
  const rewriting = await startGateway({ answer: () => verdictOf({ changes }) });
  const ask = async (headers: Record<string, string>) => {
    const reply = await post("/checkv2", headers, mail, rewriting.scan);
    const bytes = Buffer.from(await reply.arrayBuffer());
    const offset = reply.headers.get("message-offset");
    const at = offset === null ? bytes.length : Number(offset);
    return { offset, verdict: bytes.subarray(0, at), message: bytes.toString("latin1", at), headers: reply.headers };
  };
  try {
    const whole = await ask({ Flags: "pass_all,body_block" });
    assert.equal(JSON.parse(whole.verdict.toString()).action, "add header");
    assert.equal(whole.message, mail.replace("hello", "new"));
    const body = await ask({ Flags: "milter,body_block" });
    assert.equal(body.message, "new\r\n");
    const packed = await ask({ Flags: "body_block", Accept: "application/msgpack" });
    assert.equal(unpack(packed.verdict).action, "add header");
    assert.equal(packed.message, whole.message);
    // The offset counts what is there after decompression, which fetch has done.
    const compressed = await ask({ Flags: "body_block", "Accept-Encoding": "gzip" });
    assert.equal(compressed.headers.get("content-encoding"), "gzip");
    assert.deepEqual([compressed.offset, compressed.message], [whole.offset, whole.message]);
    const without = await ask({});
    assert.deepEqual([without.offset, without.message], [null, ""]);
  } finally {
    await rewriting.close();
  }
});

test("a failed scan is a temporary error without a verdict, at both doors", async () => {
  for (const code of ["late", "busy", "unavailable", "failed"] as const) {
    const failing = await startGateway({
      answer: () => {
        throw new Fault(code, "no luck");
      },
    });
    try {
      for (const door of [failing.scan, failing.controller]) {
        const reply = await post("/checkv2", {}, mail, door);
        assert.equal(reply.status, 503, code);
        assert.deepEqual(Object.keys((await reply.json()) as object), ["error"]);
      }
    } finally {
      await failing.close();
    }
  }
});

test("without a coordinator mail is deferred and the gateway is not ready", async () => {
  const deaf = await startGateway({ deaf: true });
  try {
    assert.equal((await post("/checkv2", {}, mail, deaf.scan)).status, 503);
    assert.equal((await fetch(`${deaf.scan}/ready`)).status, 503);
    assert.equal((await fetch(`${deaf.controller}/ready`)).status, 500);
    assert.equal((await fetch(`${deaf.controller}/healthy`)).status, 200);
  } finally {
    await deaf.close();
  }
  assert.equal((await fetch(`${gateway.controller}/ready`)).status, 200);
});

test("a scan that outlasts its deadline is a temporary error", async () => {
  const { promise, resolve } = Promise.withResolvers<Verdict>();
  const slow = await startGateway({ http: "task_timeout = 100ms", answer: () => promise });
  assert.equal((await post("/checkv2", {}, mail, slow.scan)).status, 503);
  resolve(verdictOf());
  await slow.close();
});

test("messages are not read from files or memory of this machine", async () => {
  for (const name of ["File", "Path", "Shm"]) {
    for (const door of [gateway.scan, gateway.controller]) {
      const reply = await post("/checkv2", { [name]: "/etc/passwd" }, "", door);
      assert.equal(reply.status, 400);
    }
  }
  assert.equal((await post("/checkv2?file=/etc/passwd", {}, "")).status, 400);
});

test("unknown paths and methods", async () => {
  const unknown = await post("/nope");
  assert.equal(unknown.status, 500);
  assert.equal(unknown.statusText, "invalid command");
  assert.equal((await post("/nope", {}, mail, gateway.controller)).status, 404);
  assert.equal((await fetch(`${gateway.scan}/checkv2`)).status, 500);
  const deleting = await fetch(`${gateway.controller}/stat`, { method: "DELETE" });
  assert.equal(deleting.statusText, "Invalid method");
  assert.equal(await (await fetch(`${gateway.scan}/ping`)).text(), "pong\r\n");
});
