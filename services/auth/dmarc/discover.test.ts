// Walks up the DNS, after the examples of RFC 9989, 4.10.

import assert from "node:assert/strict";
import { test } from "node:test";
import { finish } from "../../../shared/dns/steps.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { discoverByWalk } from "./discover.ts";
import { namesOf, openWalker } from "./tree-walk.ts";

test("eight queries at most", () => {
  assert.deepEqual(namesOf("a.b.c.d.e.f.g.h.i.j.mail.example.com"), [
    "a.b.c.d.e.f.g.h.i.j.mail.example.com",
    "g.h.i.j.mail.example.com",
    "h.i.j.mail.example.com",
    "i.j.mail.example.com",
    "j.mail.example.com",
    "mail.example.com",
    "example.com",
    "com",
  ]);
  assert.deepEqual(namesOf("a.mail.example.com"), ["a.mail.example.com", "mail.example.com", "example.com", "com"]);
  assert.deepEqual(namesOf("com"), ["com"]);
  assert.equal(namesOf("1.2.3.4.5.6.7.com").length, 8);
});

const organisations: readonly (readonly [string, readonly string[], string])[] = [
  ["a.mail.example.com", ["_dmarc.mail.example.com TXT v=DMARC1", "_dmarc.example.com TXT v=DMARC1"], "example.com"],
  [
    "a.mail.example.com",
    ["_dmarc.mail.example.com TXT v=DMARC1; psd=n", "_dmarc.example.com TXT v=DMARC1"],
    "mail.example.com",
  ],
  ["a.mail.example.com", ["_dmarc.com TXT v=DMARC1; psd=y"], "example.com"],
  ["a.mail.example.com", ["_dmarc.example.com TXT v=DMARC1", "_dmarc.com TXT v=DMARC1; psd=y"], "example.com"],
  ["mail.example.com", ["_dmarc.example.com TXT v=DMARC1; psd=y", "_dmarc.com TXT v=DMARC1"], "mail.example.com"],
  ["example.com", ["_dmarc.example.com TXT v=DMARC1; psd=y", "_dmarc.com TXT v=DMARC1"], "example.com"],
  ["a.example.com", [], "a.example.com"],
  [
    "a.example.com",
    ["_dmarc.example.com TXT v=DMARC1; p=none", "_dmarc.example.com TXT v=DMARC1; p=reject"],
    "a.example.com",
  ],
];

for (const [domain, zone, expected] of organisations) {
  test(`${domain} among ${JSON.stringify(zone)}`, async () => {
    const walk = await openWalker(zoneDns(zone)).walk(domain);
    assert.equal(walk.status === "walked" && walk.organisation, expected);
  });
}

async function shown(author: string, zone: readonly string[]) {
  const found = await finish(discoverByWalk(author, zoneDns(zone)));
  return found.status === "found" ? [found.policyDomain, found.policy] : [found.status];
}

test("whose policy applies", async () => {
  const org = "_dmarc.example.com TXT v=DMARC1; p=quarantine; sp=reject";
  assert.deepEqual(await shown("example.com", [org]), ["example.com", "quarantine"]);
  assert.deepEqual(await shown("a.b.example.com", [org]), ["example.com", "reject"]);
  assert.deepEqual(await shown("a.b.example.com", [org, "_dmarc.a.b.example.com TXT v=DMARC1; p=none"]), [
    "a.b.example.com",
    "none",
  ]);
  // A record between the author and its organisation is nobody's.
  assert.deepEqual(await shown("a.b.example.com", [org, "_dmarc.b.example.com TXT v=DMARC1; p=none"]), [
    "example.com",
    "reject",
  ]);
  const suffix = "_dmarc.com TXT v=DMARC1; psd=y; p=none; np=reject";
  assert.deepEqual(await shown("example.com", [suffix]), ["com", "reject"]);
  assert.deepEqual(await shown("example.com", [suffix, "example.com A 192.0.2.1"]), ["com", "none"]);
  assert.deepEqual(await shown("a.example.com", [suffix, org]), ["example.com", "reject"]);
  assert.deepEqual(await shown("a.example.com", []), ["none"]);
  assert.deepEqual(await shown("a.example.com", ["_dmarc.example.com TXT !TIMEOUT"]), ["failed"]);
  assert.deepEqual(await shown("a.example.com", ["_dmarc.a.example.com TXT v=DMARC1; p=x"]), ["bad"]);
});

test("organisations of identifiers", async () => {
  const dns = zoneDns([
    "_dmarc.example.com TXT v=DMARC1",
    "_dmarc.shop.example.com TXT v=DMARC1; psd=n",
    "_dmarc.broken.example.com TXT !SERVFAIL",
  ]);
  const found = await finish(discoverByWalk("mail.example.com", dns));
  assert.ok(found.status === "found");
  assert.equal(await found.isOfOrganisation("mail.example.com"), true);
  assert.equal(await found.isOfOrganisation("example.com"), true);
  assert.equal(await found.isOfOrganisation("a.b.example.com"), true);
  assert.equal(await found.isOfOrganisation("shop.example.com"), false);
  assert.equal(await found.isOfOrganisation("a.shop.example.com"), false);
  assert.equal(await found.isOfOrganisation("other.com"), false);
  assert.equal(await found.isOfOrganisation("broken.example.com"), undefined);
  const asked = dns.asked.length;
  assert.equal(await found.isOfOrganisation("example.net"), false);
  assert.equal(dns.asked.length, asked, "a name without a label in common costs no query");
});
