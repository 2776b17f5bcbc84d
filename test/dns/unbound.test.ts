// The resolver in front of a real name server, whose replies are compressed, cut and put together as everybody's are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import type { RecordType } from "../../shared/dns/dns.ts";
import { zoneServerFor } from "../../shared/dns/zone-server.testing.ts";
import { silent } from "../../shared/log.ts";
import { optionsConfig } from "../../shared/options.ts";
import { openResolver } from "../../shared/resolver.ts";
import { startUnbound } from "../servers/unbound.ts";

const mx = Array.from({ length: 20 }, (_, at) => `mail${at}.example.org`);
const zone = [
  "example.org A 192.0.2.1",
  "example.org AAAA 2001:db8::1",
  "example.org TXT v=spf1 mx -all",
  "example.org NS ns.example.org",
  ...mx.map((name, at) => `example.org MX ${at} ${name}`),
  "1.2.0.192.in-addr.arpa PTR example.org",
  "www.example.org CNAME web.example.net",
  "web.example.net CNAME web.example.com",
  "web.example.com A 192.0.2.7",
  "dangling.example.org CNAME nowhere.example.net",
  ...Array.from({ length: 80 }, (_, at) => `big.example.org TXT ${String(at).padStart(2, "0")} ${"x".repeat(200)}`),
  "broken.example.org * !SERVFAIL",
];

test("a recursive name server is understood", async (t) => {
  const server = await zoneServerFor(t, { zone });
  const unbound = await startUnbound(server.port);
  t.after(() => unbound.close());
  const config = configOf(optionsConfig, `options { dns { nameserver = "${unbound.address}"; timeout = 5s } }`);
  const resolver = openResolver({ config, log: silent });
  t.after(() => resolver.close());
  const ask = async (name: string, type: RecordType) => {
    const answer = await resolver.dnsFor({ signal: new AbortController().signal, queries: 0 }).query(name, type);
    if (answer.status !== "found") return answer.status === "failed" ? answer.reason : answer.status;
    assert.ok(answer.ttl > 0 && answer.ttl <= 300, `${answer.ttl} s`);
    return answer.records.map((data) => (typeof data === "string" ? data : data.exchange)).sort();
  };
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1"]);
  assert.deepEqual(await ask("EXAMPLE.ORG", "AAAA"), ["2001:db8::1"]);
  assert.deepEqual(await ask("example.org", "TXT"), ["v=spf1 mx -all"]);
  assert.deepEqual(await ask("example.org", "NS"), ["ns.example.org"]);
  assert.deepEqual(await ask("example.org", "MX"), [...mx].sort());
  assert.deepEqual(await ask("1.2.0.192.in-addr.arpa", "PTR"), ["example.org"]);
  assert.deepEqual(await ask("www.example.org", "A"), ["192.0.2.7"]);
  assert.equal(await ask("www.example.org", "AAAA"), "no-record");
  assert.equal(await ask("dangling.example.org", "A"), "no-name");
  assert.equal(await ask("missing.example.org", "A"), "no-name");
  assert.equal(await ask("example.org", "PTR"), "no-record");
  assert.equal(await ask("broken.example.org", "A"), "SERVFAIL");
  const big = await ask("big.example.org", "TXT");
  assert.ok(Array.isArray(big) && big.length === 80);
});
