// What DKIM_CHECK leaves for others, and its limits. Which symbols it raises is in the cases too.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context, HitDetail } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { silent } from "../../../shared/log.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import type { Envelope } from "../../../shared/task.ts";
import { dkimCheck } from "./check.ts";
import { dkimConfig } from "./config.ts";
import type { DkimFinding } from "./finding.ts";
import { rsaKey, withSignature } from "./forge.testing.ts";

const key = rsaKey(1_024);
const record = `v=DKIM1; p=${key.published}`;
const zone = ["example.org", "example.com"].map((domain) => `s._domainkey.${domain} TXT ${record}`);
const mail = "From: A <a@example.org>\r\nSubject: One\r\n\r\nHello\r\n";

function signed(domain: string, text = mail, selector = "s"): string {
  const tags = `v=1; a=rsa-sha256; c=relaxed/simple; d=${domain}; s=${selector}; h=from:subject; bh=BODY; b=SIGNATURE`;
  return withSignature(tags, text, key);
}

interface Answer {
  readonly finding: DkimFinding | undefined;
  /** "SYMBOL option option", with "*3" for a factor of 3. */
  readonly hits: readonly string[];
  readonly asked: readonly string[];
}

async function run(text: string, config = "", envelope: Partial<Envelope> = {}, lines = zone): Promise<Answer> {
  const hits: string[] = [];
  const dns = zoneDns(lines);
  const ctx = {
    config: configOf(dkimConfig, config).get(dkimConfig),
    dns,
    now: Date.parse("2026-01-15T12:00:00Z"),
    log: silent,
    hit: (symbol: string, { factor = 1, options = [] }: HitDetail = {}) => {
      hits.push([factor === 1 ? symbol : `${symbol}*${factor}`, ...options].join(" "));
    },
  };
  const task = { id: "1", envelope: { rcpts: [], ip: "192.0.2.1", ...envelope }, ...analyse(Buffer.from(text)) };
  const finding = await dkimCheck.run(task as never, ctx as unknown as Context<string, never, unknown>);
  return { finding: finding as DkimFinding | undefined, hits, asked: dns.asked };
}

test("a signature that holds, as others see it", async () => {
  const { finding, hits } = await run(signed("Example.org"));
  assert.deepEqual(hits, ["R_DKIM_ALLOW example.org:s=s", "DKIM_TRACE example.org:+"]);
  const [signature] = finding?.signatures ?? [];
  assert.deepEqual(signature, {
    domain: "example.org",
    selector: "s",
    identity: "@example.org",
    algorithm: "rsa-sha256",
    b: signature?.b,
    partial: false,
    result: "pass",
    reason: "",
    bits: 1_024,
    testing: false,
  });
  assert.match(signature.b, /^[A-Za-z0-9+/]{8}$/);
  assert.deepEqual(finding?.authentication, [
    {
      method: "dkim",
      result: "pass",
      properties: [
        ["header.d", "example.org"],
        ["header.s", "s"],
        ["header.b", signature.b],
      ],
    },
  ]);
});

test("why one does not hold stands beside its result", async () => {
  const { finding } = await run(`${signed("example.org")}more`);
  assert.deepEqual(
    finding?.authentication?.map(({ result, comment }) => [result, comment]),
    [["fail", "body hash does not match"]],
  );
});

test("a message without signatures", async () => {
  const { finding, hits } = await run(mail);
  assert.deepEqual(hits, ["R_DKIM_NA"]);
  assert.deepEqual(finding, { signatures: [], authentication: [{ method: "dkim", result: "none", properties: [] }] });
});

test("several signatures: one question for each key, the topmost first, and no more than max_sigs", async () => {
  let text = mail;
  for (const domain of ["example.org", "example.com", "example.org", "example.net"]) text = signed(domain, text);
  const { finding, hits, asked } = await run(text, "dkim { max_sigs = 3 }");
  assert.deepEqual(asked, [
    "TXT s._domainkey.example.net",
    "TXT s._domainkey.example.org",
    "TXT s._domainkey.example.com",
  ]);
  assert.deepEqual(hits, [
    "R_DKIM_PERMFAIL example.net:s=s",
    "DKIM_TRACE example.net:~",
    "R_DKIM_ALLOW example.org:s=s",
    "DKIM_TRACE example.org:+",
    "R_DKIM_ALLOW example.com:s=s",
    "DKIM_TRACE example.com:+",
    "R_DKIM_PERMFAIL example.org:s=s",
    "DKIM_TRACE example.org:~",
  ]);
  assert.deepEqual(
    finding?.signatures.map(({ result, reason }) => `${result} ${reason}`),
    ["permerror no key", "pass ", "pass ", "policy more than 3 signatures"],
  );
  const single = await run(text, "dkim { skip_multi = true }");
  assert.deepEqual(single.asked, ["TXT s._domainkey.example.net"]);
});

test("ten thousand signatures are five, and a word about the rest", async () => {
  const [field = ""] = signed("example.org").split("\r\n", 1);
  const { finding, asked } = await run(`${field}\r\n`.repeat(10_000) + mail);
  assert.equal(finding?.signatures.length, 6);
  assert.equal(finding?.signatures.at(-1)?.reason, "more than 5 signatures");
  assert.equal(asked.length, 1);
});

test("a signature says nothing of fields that nobody looked at", async () => {
  const text = `${"X: 1\r\n".repeat(1_000)}From: Z <z@example.com>\r\n`;
  const { finding, hits } = await run(signed("example.org").replace("\r\nFrom", `\r\n${text}From`));
  assert.equal(finding?.signatures[0]?.reason, "signature does not match");
  const behind = await run(signed("example.org").replace("\r\n\r\n", `\r\n${text}\r\n`));
  assert.equal(behind.finding?.signatures[0]?.reason, "more header fields than are looked at");
  assert.deepEqual([hits[0], behind.hits[0]], ["R_DKIM_REJECT example.org:s=s", "R_DKIM_PERMFAIL example.org:s=s"]);
});

test("our own mail and that of whitelisted clients is not looked at", async () => {
  const text = signed("example.org");
  const skipped = { finding: undefined, hits: [], asked: [] };
  assert.deepEqual(await run(text, "", { ip: "127.0.0.1" }), skipped);
  assert.deepEqual(await run(text, "", { ip: "10.1.2.3" }), skipped);
  assert.deepEqual(await run(text, "", { user: "alice" }), skipped);
  assert.deepEqual(await run(text, "dkim { whitelist = [192.0.2.0/24] }"), skipped);
  const asked = "dkim { check_local = true, check_authed = true }";
  assert.equal((await run(text, asked, { ip: "127.0.0.1", user: "alice" })).hits.length, 2);
  // Nobody knows where it comes from: then it may come from anywhere.
  assert.equal((await run(text, "", { ip: "" })).hits.length, 2);
});

test("domains whose signatures count more, or alone", async () => {
  const text = signed("example.com", signed("example.org"));
  const domains = 'domains = ["example.org", ["example.com", "1.5:4"]]';
  const strict = await run(text, `dkim { strict_multiplier = 3, ${domains} }`);
  assert.deepEqual(strict.hits.slice(0, 3), [
    "R_DKIM_ALLOW*1.5 example.com:s=s",
    "DKIM_TRACE example.com:+",
    "R_DKIM_ALLOW*3 example.org:s=s",
  ]);
  const broken = await run(`${text}more`, `dkim { strict_multiplier = 3, ${domains} }`);
  assert.deepEqual(broken.hits[0], "R_DKIM_REJECT*4 example.com:s=s");
  const trusted = await run(text, "dkim { trusted_only = true, domains = [example.org] }");
  assert.deepEqual(trusted.hits, ["R_DKIM_ALLOW example.org:s=s", "DKIM_TRACE example.org:+"]);
});

test("a DNS that fails is no fault of the signature", async () => {
  const { hits, finding } = await run(signed("example.org"), "", {}, ["s._domainkey.example.org TXT !SERVFAIL"]);
  assert.deepEqual(hits, ["R_DKIM_TEMPFAIL example.org:s=s", "DKIM_TRACE example.org:?"]);
  assert.equal(finding?.signatures[0]?.reason, "key: SERVFAIL");
});

test("what cannot be read has no domain to show", async () => {
  const { hits, finding } = await run(`DKIM-Signature: what is this\r\n${mail}`);
  assert.deepEqual(hits, ["R_DKIM_PERMFAIL"]);
  assert.deepEqual(finding?.authentication, [
    { method: "dkim", result: "permerror", comment: "a tag without a value", properties: [] },
  ]);
});
