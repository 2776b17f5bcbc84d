// The whole filter over HTTP: Debian's rspamc, Haraka's way, and clients that mean harm.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { talk } from "./raw-client.ts";
import { rspamc } from "./rspamc.ts";

const date = new Date().toUTCString().replace("GMT", "+0000");
const good = `From: a@example.net\r\nTo: b@example.org\r\nSubject: x\r\nDate: ${date}\r\nMessage-ID: <m1@example.net>\r\n\r\nHello\r\n`;
const gtube = good.replace("Hello", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X");

const config = `
http {
  controller { enable_password = "secret"; }
  timeout = 1s;
}
composites { OWN_OPINION { expression = "GTUBE & MISSING_MID"; score = 3.5; } }
group "headers" { symbols { MISSING_MID = 7.5; } }
settings {
  inner { client_ip = "127.0.0.0/8"; from = "inner@example.net"; apply { actions { reject = -100; "add header" = null; greylist = null; } } }
  outer { client_ip = "192.0.2.0/24"; from = "outer@example.net"; apply { actions { reject = -100; "add header" = null; greylist = null; } } }
  harsh { id = "harsh"; apply { actions { reject = -100; "add header" = null; greylist = null; } } }
}
`;

let filter: Sluice;
let doors: readonly string[];
before(async () => {
  filter = await startSluice({ config });
  doors = [filter.scan, filter.controller];
});
after(() => filter?.close());

const password = ["-P", "secret"];

test("rspamc: verdicts at both doors, plain and compressed", async () => {
  for (const door of doors) {
    for (const extra of [[], ["-z"]]) {
      const bad = await rspamc(door, [...password, ...extra, "symbols"], gtube);
      assert.equal(bad.code, 0, bad.output);
      assert.match(bad.output, /^Action: reject$/m);
      assert.match(bad.output, /^Spam: true$/m);
      assert.match(bad.output, /^Score: 15\.00 \/ 15\.00$/m);
      assert.match(bad.output, /^Symbol: GTUBE \(0\.00\)$/m);
      assert.match(bad.output, /^Message - smtp_message: Gtube pattern$/m);
      const fine = await rspamc(door, [...password, ...extra, "-i", "192.0.2.1", "-F", "a@example.net"], good);
      assert.match(fine.output, /^Action: no action$/m);
      assert.match(fine.output, /^Message-ID: m1@example\.net$/m);
    }
  }
});

test("rspamc --header: a setting by its name", async () => {
  for (const door of doors) {
    const { output } = await rspamc(door, [...password, "--header", "Settings-ID: harsh"], good);
    assert.match(output, /^Action: reject$/m);
  }
});

test("a setting for whoever asks for the scan", async () => {
  const actionFor = async (from: string) =>
    /^Action: (.*)$/m.exec((await rspamc(filter.scan, ["-F", from], good)).output)?.[1];
  assert.equal(await actionFor("inner@example.net"), "reject");
  assert.equal(await actionFor("outer@example.net"), "no action");
});

test("rspamc -m: the message with headers, the rest of it as it was", async () => {
  const { code, output } = await rspamc(filter.scan, ["-m"], good);
  assert.equal(code, 0, output);
  assert.match(output, /^X-Spam-Action: no action\r?$/m);
  assert.match(output, /\r?\n\r?\nHello\r?\n/);
});

test("symbols are listed with what they are worth as configured, composites among them", async () => {
  const reply = await fetch(`${filter.controller}/symbols`, { headers: { Password: "secret" } });
  const groups: { group: string; rules: { symbol: string; weight: number }[] }[] = JSON.parse(await reply.text());
  const rows = new Map(
    groups.flatMap(({ group, rules }) => rules.map(({ symbol, weight }) => [symbol, `${group} ${weight}`])),
  );
  assert.equal(rows.get("OWN_OPINION"), "composite 3.5");
  assert.equal(rows.get("MISSING_MID"), "headers 7.5");
  assert.equal(rows.get("FORGED_MUA_MAILLIST"), "composite 0");
});

test("rspamc stat, counters, uptime", async () => {
  const stat = await rspamc(filter.controller, [...password, "stat"]);
  assert.equal(stat.code, 0, stat.output);
  assert.match(stat.output, /^Messages scanned: [1-9]\d*$/m);
  assert.match(stat.output, /^Messages with action reject: [1-9]\d*, \d+\.\d+%$/m);
  assert.match(stat.output, /^Total learns: 0$/m);
  const counters = await rspamc(filter.controller, [...password, "counters"]);
  assert.equal(counters.code, 0, counters.output);
  assert.match(counters.output, /\| GTUBE /);
  const uptime = await rspamc(filter.controller, [...password, "uptime"]);
  assert.equal(uptime.code, 0, uptime.output);
  assert.match(uptime.output, /^Uptime: /m);
});

test("rspamc learn_spam, learn_ham: behind the password", async () => {
  const refused = await rspamc(filter.controller, ["learn_spam"], good);
  assert.deepEqual([refused.code, /401, Unauthorized/.test(refused.output)], [1, true]);
  for (const command of ["learn_spam", "learn_ham"]) {
    const { code, output } = await rspamc(filter.controller, [...password, command], good);
    assert.equal(code, 0, output);
    assert.match(output, /success = true/);
  }
  // Lessons are learned behind the answer.
  const known = /<m1@example\.net> has been already learned as ham, ignore it/;
  for (;;) {
    const again = await rspamc(filter.controller, [...password, "learn_ham"], good);
    assert.equal(again.code, 0, again.output);
    if (known.test(again.output)) break;
    await pause(20);
  }
});

test("rspamc learn_spam: the reason why not", async () => {
  const learn = [...password, "learn_spam"];
  const stranger = await rspamc(filter.controller, ["-c", "winnow", ...learn], good);
  assert.deepEqual([stranger.code, /HTTP error: 404, no classifier/.test(stranger.output)], [1, true]);
  const short = await rspamc(filter.controller, ["-c", "bayes", ...learn], "Subject: x\r\n\r\n");
  assert.deepEqual([short.code, /HTTP error: 204, contains less tokens/.test(short.output)], [1, true]);
});

/** Haraka pipes the message: chunks of whatever size, and no length. */
function chunked(message: string, headers = ""): readonly string[] {
  return [
    `POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n${headers}\r\n`,
    ...(message.match(/[\s\S]{1,40}/g)?.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`) ?? []),
    "0\r\n\r\n",
  ];
}

test("Haraka's way: chunked, Rcpt by Rcpt, with its broken SPF header", async () => {
  const headers =
    "IP: 192.0.2.1\r\nHelo: mx\r\nFrom: <a@example.net>\r\nRcpt: <b@example.org>\r\nRcpt: <c@example.org>\r\n" +
    "Queue-Id: 0000-1\r\nSPF: [object Object]\r\n";
  const reply = await talk(filter.scan, chunked(gtube, headers));
  assert.match(reply, /^HTTP\/1\.1 200 OK\r\n/);
  const verdict = JSON.parse(reply.slice(reply.indexOf("\r\n\r\n") + 4));
  assert.deepEqual([verdict.action, verdict.messages.smtp_message], ["reject", "Gtube pattern"]);
  for (const { name, score } of Object.values<{ name: string; score: number }>(verdict.symbols)) {
    assert.deepEqual([typeof name, typeof score], ["string", "number"]);
  }
});

const post = (headers: string) => `POST /checkv2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
const noZstd = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(500, 0xa5)]);
const hostile: readonly [name: string, pieces: readonly (string | Buffer)[], atScan: RegExp, atController?: RegExp][] =
  [
    ["garbage instead of HTTP", [Buffer.alloc(4096, 0xee)], /^HTTP\/1\.1 400 /],
    ["a mail without HTTP around it", [good], /^HTTP\/1\.1 400 /],
    ["half a request line", ["POST /chec"], /^HTTP\/1\.1 408 /],
    ["half a head", ["POST /checkv2 HTTP/1.1\r\nHost: x\r\nContent-Le"], /^HTTP\/1\.1 408 /],
    ["half a body", [post("Content-Length: 1000\r\n"), "Subject: x\r\n"], /^HTTP\/1\.1 408 /],
    ["half a chunk", [post("Transfer-Encoding: chunked\r\n"), "ff\r\nSubject"], /^HTTP\/1\.1 408 /],
    ["100 MB announced", [post("Content-Length: 104857600\r\n")], /^HTTP\/1\.1 513 /, /^HTTP\/1\.1 413 /],
    ["40 MB announced and not sent", [post("Content-Length: 41943040\r\n")], /^HTTP\/1\.1 408 /],
    ["a length that is none", [post("Content-Length: many\r\n")], /^HTTP\/1\.1 400 /],
    [
      "no zstd where zstd is promised",
      [post(`Compression: zstd\r\nContent-Length: ${good.length}\r\n`), good],
      /^HTTP\/1\.1 500 .*zstd/,
      /^HTTP\/1\.1 400 .*zstd/,
    ],
    [
      "zstd that breaks",
      [post(`Content-Length: ${noZstd.length}\r\n`), noZstd],
      /^HTTP\/1\.1 500 .*zstd/,
      /^HTTP\/1\.1 400 .*zstd/,
    ],
    ["one huge header", [post(`X-Bomb: ${"a".repeat(400_000)}\r\n`)], /^HTTP\/1\.1 431 /],
    ["a hundred thousand headers", [post("X-Bomb: yes\r\n".repeat(100_000))], /^HTTP\/1\.1 431 /],
  ];

for (const [name, pieces, atScan, atController = atScan] of hostile) {
  test(`${name}: a clear answer, and the filter goes on`, async () => {
    const secret = (piece: string | Buffer) =>
      typeof piece === "string" ? piece.replace("Host: x\r\n", "Host: x\r\nPassword: secret\r\n") : piece;
    const [scan, controller] = await Promise.all([
      talk(filter.scan, pieces),
      talk(filter.controller, pieces.map(secret)),
    ]);
    assert.match(scan, atScan);
    assert.match(controller, atController);
    for (const reply of [scan, controller]) {
      // One key, or Haraka takes it for a verdict.
      assert.deepEqual(Object.keys(JSON.parse(reply.slice(reply.indexOf("\r\n\r\n") + 4))), ["error"]);
    }
    const next = await fetch(`${filter.scan}/checkv2`, { method: "POST", body: good });
    assert.equal(((await next.json()) as { action: string }).action, "no action");
  });
}

test("clients that leave in the middle leave nothing behind", async () => {
  const left = Array.from({ length: 50 }, () => talk(filter.scan, [post("Content-Length: 1000\r\n"), "x"], false));
  await Promise.all(left);
  assert.match(await talk(filter.scan, chunked(good)), /"action":"no action"/);
});
