// Chains that we make ourselves: what holds, what does not, whose word is taken, what it costs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { rsaKey } from "../dkim/forge.testing.ts";
import { openMessage } from "../dkim/message.ts";
import { validateChain } from "./chain.ts";
import { type SealingOptions, sealMessage } from "./seal.ts";
import type { ChainStatus } from "./sets.ts";
import { trustedWord } from "./trust.ts";

const key = rsaKey(1_024);
const record = `v=DKIM1; p=${key.published}`;
const now = Date.parse("2026-01-15T12:00:00Z");
const clock = { now, jitter: 0 };
const mail = "From: A <a@example.org>\r\nSubject: One\r\n\r\nHello\r\n";

const options: SealingOptions = {
  domain: "one.example",
  selector: "s",
  key: key.key,
  names: [{ name: "From", over: 1 }, { name: "Subject" }],
  headerForm: "relaxed",
  bodyForm: "relaxed",
  time: now,
  results: "mx.example; spf=pass; dmarc=pass header.from=example.org",
  status: "none",
};

function sealed(text: string, status: ChainStatus, domain: string, results = options.results): string {
  const set = sealMessage(openMessage(analyse(Buffer.from(text))), { ...options, status, domain, results });
  assert.ok(set);
  return `ARC-Seal: ${set.seal}\r\nARC-Message-Signature: ${set.message}\r\nARC-Authentication-Results: ${set.results}\r\n${text}`;
}

function domains(...names: readonly string[]) {
  return zoneDns(names.map((name) => `s._domainkey.${name} TXT ${record}`));
}

const everybody = domains("one.example", "two.example", "three.example");

async function chainOf(text: string, dns = everybody) {
  const message = openMessage(analyse(Buffer.from(text)));
  const lookup = { dns, clock, cacheSize: 10 };
  return { message, lookup, chain: await validateChain(message, lookup) };
}

async function said(text: string, dns = everybody): Promise<string> {
  const { chain } = await chainOf(text, dns);
  return `${chain.result}${chain.invalid ? " (no chain)" : ""}: ${chain.reason}`;
}

const one = sealed(mail, "none", "one.example");
const two = sealed(one, "pass", "two.example");
const three = sealed(two, "pass", "three.example");

test("chains hold as long as the newest sealer saw the message as it is", async () => {
  assert.equal(await said(mail), "none: ");
  assert.equal(await said(one), "pass: ");
  assert.equal(await said(three), "pass: ");
  const changed = sealed(`${two}footer\r\n`, "pass", "three.example");
  assert.equal(await said(changed), "pass: ");
  assert.equal(await said(`${changed}more\r\n`), "fail: message signature 3: body hash does not match");
});

test("each seal covers all that was there before", async () => {
  const results = three.replace("i=1; mx.example; spf=pass", "i=1; mx.example; spf=fail");
  assert.equal(await said(results), "fail: seal 3: signature does not match");
  const newest = three.replace("i=3; mx.example; spf=pass", "i=3; mx.example; spf=fail");
  assert.equal(await said(newest), "fail: seal 3: signature does not match");
});

test("keys: gone for good, gone for now", async () => {
  assert.equal(await said(three, domains("one.example", "three.example")), "fail: seal 2: no key");
  const dns = zoneDns([
    `s._domainkey.one.example TXT ${record}`,
    "s._domainkey.two.example TXT !TIMEOUT",
    `s._domainkey.three.example TXT ${record}`,
  ]);
  assert.equal(await said(three, dns), "temperror: seal 2: key: timeout");
  const both = zoneDns(["s._domainkey.two.example TXT !TIMEOUT", `s._domainkey.three.example TXT ${record}`]);
  assert.equal(await said(three, both), "fail: seal 1: no key");
  assert.deepEqual(new Set(dns.asked).size, dns.asked.length);
});

test("what is no chain", async () => {
  const gap = three.replaceAll("i=2", "i=4");
  assert.equal(await said(gap), "fail (no chain): set 2 is not whole");
  const doubled = `ARC-Seal: i=3; a=b\r\n${three}`;
  assert.equal(await said(doubled), "fail (no chain): two ARC-Seal i=3");
  assert.equal(await said(`ARC-Seal: a=b\r\n${mail}`), "fail (no chain): ARC-Seal without an instance");
  assert.equal(await said(`ARC-Seal: i=51\r\n${mail}`), "fail (no chain): ARC-Seal without an instance");
  assert.equal(await said(two.replace("cv=pass", "cv=none")), "fail (no chain): seal 2 says cv=none");
  assert.equal(await said(one.replace("cv=none", "cv=pass")), "fail (no chain): seal 1 says cv=pass");
  assert.equal(
    await said(one.replace("cv=none", "h=from; cv=none")),
    "fail (no chain): seal 1: h= has no place in a seal",
  );
  assert.equal(
    await said(one.replace("; c=relaxed", "; c=strict")),
    "fail (no chain): message signature 1: unknown canonicalization",
  );
});

test("chains without end", async () => {
  const field = "ARC-Seal: i=1; a=b\r\n";
  assert.equal(await said(field.repeat(10_000) + mail), "fail (no chain): two ARC-Seal i=1");
  const numbered = Array.from(
    { length: 60 },
    (_, at) => `ARC-Seal: i=${(at % 50) + 1}\r\nARC-Message-Signature: i=${(at % 50) + 1}\r\n`,
  );
  assert.match(await said(numbered.join("") + mail), /^fail \(no chain\): two ARC-/);
  const large = `ARC-Authentication-Results: i=1; ${"x".repeat(270_000)}\r\n${mail}`;
  assert.equal(await said(large), "fail (no chain): more than 262144 bytes");
});

test("a chain of fifty sets holds, is asked for step by step, and does not grow", async () => {
  let text = mail;
  for (let more = 0; more < 50; more++) text = sealed(text, more === 0 ? "none" : "pass", "one.example");
  assert.equal(await said(text), "pass: ");
  assert.equal(sealMessage(openMessage(analyse(Buffer.from(text))), { ...options, status: "pass" }), null);
  // Strangers' keys do not exist: asking ends with the first six.
  let stranger = 0;
  const elsewhere = text.replaceAll(/d=one\.example/g, () => `d=d${++stranger}.example`);
  const nobody = domains();
  assert.match(await said(elsewhere, nobody), /^fail: message signature 50: no key/);
  assert.ok(nobody.asked.length <= 7, `${nobody.asked.length} questions`);
});

test("sealing: none over a chain and pass over none are refused, and so are fields of ARC", () => {
  const seal = (text: string, change: Partial<SealingOptions>) =>
    sealMessage(openMessage(analyse(Buffer.from(text))), { ...options, ...change });
  assert.throws(() => seal(one, { status: "none" }), { code: "bad-input" });
  assert.throws(() => seal(mail, { status: "pass" }), { code: "bad-input" });
  for (const name of ["ARC-Seal", "Authentication-Results"]) {
    const names = [{ name: "From" }, { name, over: 1 }];
    assert.throws(() => seal(mail, { names }), { code: "bad-input", message: /cannot be signed/ });
  }
});

test("a broken chain is sealed as failing, whatever is wrong with it, and once", async () => {
  for (const broken of [`${three}more\r\n`, `ARC-Seal: nothing\r\n${mail}`, three.replace("ARC-Seal", "X-Seal")]) {
    const failing = sealed(broken, "fail", "one.example");
    assert.match(await said(failing), /^fail/);
    assert.equal(sealMessage(openMessage(analyse(Buffer.from(failing))), { ...options, status: "fail" }), null);
  }
});

test("results go out in ASCII and without empty lines", () => {
  const odd = sealed(mail, "none", "one.example", "mx.example;\r\n\r\n \r\n spf=pass\u00e9\0;\ndkim=none");
  assert.match(odd, /ARC-Authentication-Results: i=1; mx\.example;\n\tspf=pass\?;\n\tdkim=none\r\n/);
});

async function word(text: string, ...trusted: readonly string[]): Promise<string> {
  const { message, lookup, chain } = await chainOf(text);
  const found = await trustedWord(message, chain, "example.org", (domain) => trusted.includes(domain), lookup);
  return found === undefined ? "" : `${found.set.instance} ${found.dmarc}`;
}

test("whose word is taken", async () => {
  assert.equal(await word(three), "");
  assert.equal(await word(three, "three.example"), "3 pass");
  assert.equal(await word(`${three}more`, "three.example"), "");
  // Nobody behind it is trusted, but nobody has changed the message either.
  assert.equal(await word(three, "one.example"), "1 pass");
  // A stranger has changed it: what the first one saw was another message.
  const changed = sealed(`${one}footer\r\n`, "pass", "two.example");
  assert.equal(await word(changed, "one.example"), "");
  assert.equal(await word(changed, "one.example", "two.example"), "2 pass");
});

test("of several trusted sealers the one that saw DMARC pass, for the same author", async () => {
  const failing = "mx.example; dmarc=fail header.from=example.org";
  const list = sealed(`${one}footer\r\n`, "pass", "two.example", failing);
  assert.equal(await word(list, "two.example"), "2 fail");
  assert.equal(await word(list, "one.example", "two.example"), "1 pass");
  const silent = sealed(mail, "none", "one.example", "mx.example; spf=pass");
  assert.equal(await word(silent, "one.example"), "1 ");
  const other = sealed(mail, "none", "one.example", "mx.example; dmarc=pass header.from=example.com");
  assert.equal(await word(other, "one.example"), "1 ");
});
