// What the resolver reads, compared with what Node's own (c-ares) reads of the same name server.

import assert from "node:assert/strict";
import { Resolver as NodeResolver } from "node:dns/promises";
import { test } from "node:test";
import { configOf } from "../config/live.ts";
import { silent } from "../log.ts";
import { optionsConfig } from "../options.ts";
import { openResolver } from "../resolver.ts";
import type { RecordType } from "./dns.ts";
import { zoneServerFor } from "./zone-server.testing.ts";

const zone = [
  "a.example A 192.0.2.1",
  "a.example A 255.255.255.255",
  "a.example A 0.0.0.0",
  "a.example AAAA 2001:db8::1",
  "a.example AAAA ::",
  "a.example AAAA ::1",
  "a.example AAAA 2001:db8:0:1:1:1:1:1",
  "a.example AAAA 2001:0:0:1:0:0:0:1",
  "a.example AAAA fe80:0:0:1:0:0:1:1",
  "a.example TXT v=spf1 -all",
  `a.example TXT ${"long ".repeat(120)}`,
  'a.example TXT "with \\"quotes\\"" " and parts"',
  "a.example MX 0 a.example",
  "a.example MX 65535 mx.other.example",
  "a.example NS ns1.example",
  "1.2.0.192.in-addr.arpa PTR a.example",
  "1.2.0.192.in-addr.arpa PTR b.example",
  "alias.example CNAME alias2.example",
  "alias2.example CNAME a.example",
  `big.example TXT ${"x".repeat(250)}`,
  ...Array.from({ length: 200 }, (_, at) => `many.example A 198.51.100.${at}`),
  ...Array.from({ length: 40 }, (_, at) => `many.example TXT ${at} ${"y".repeat(200)}`),
  `${"l".repeat(63)}.${"m".repeat(63)}.example A 192.0.2.2`,
  "*.wild.example A 127.0.0.2",
  "broken.example * !SERVFAIL",
  "refused.example * !REFUSED",
];

/** Node's answer in our words. */
async function byNode(node: NodeResolver, name: string, type: RecordType): Promise<unknown> {
  try {
    switch (type) {
      case "A":
        return await node.resolve4(name);
      case "AAAA":
        return await node.resolve6(name);
      case "TXT":
        return (await node.resolveTxt(name)).map((strings) => strings.join(""));
      case "MX":
        return (await node.resolveMx(name)).map(({ priority, exchange }) => ({ preference: priority, exchange }));
      case "NS":
        return await node.resolveNs(name);
      case "PTR":
        return await node.resolvePtr(name);
      case "CNAME":
        return await node.resolveCname(name);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const words: Record<string, string> = { ENODATA: "no-record", ENOTFOUND: "no-name", ESERVFAIL: "SERVFAIL" };
    return words[code] ?? code.slice(1);
  }
}

test("every name and type of a zone reads alike", async (t) => {
  const server = await zoneServerFor(t, { zone });
  const resolver = openResolver({
    config: configOf(optionsConfig, `options { dns { nameserver = "${server.address}" } }`),
    log: silent,
  });
  t.after(() => resolver.close());
  const node = new NodeResolver({ timeout: 2_000, tries: 2 });
  node.setServers([server.address]);
  const names = new Set(zone.map((line) => line.split(" ")[0]?.replace("*", "any.thing") ?? ""));
  let found = 0;
  for (const name of [...names, "missing.example"]) {
    for (const type of ["A", "AAAA", "TXT", "MX", "NS", "PTR", "CNAME"] as const) {
      const answer = await resolver.dnsFor({ signal: new AbortController().signal, queries: 0 }).query(name, type);
      const ours =
        answer.status === "found" ? answer.records : answer.status === "failed" ? answer.reason : answer.status;
      assert.deepEqual(ours, await byNode(node, name, type), `${type} ${name}`);
      if (answer.status === "found") found += 1;
    }
  }
  assert.ok(found > 15, `${found} found`);
});
