// What SPF_CHECK leaves for others, and the header. Which symbols it raises is in the cases.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context, HitDetail } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import type { Envelope } from "../../../shared/task.ts";
import { spfCheck } from "./check.ts";
import { spfConfig } from "./config.ts";
import type { SpfFinding } from "./finding.ts";

type Hits = Record<string, HitDetail | undefined>;

async function run(
  envelope: Omit<Envelope, "rcpts">,
  zone: readonly string[],
  config = "",
): Promise<[SpfFinding, Hits]> {
  const hits: Hits = {};
  const ctx = {
    config: configOf(spfConfig, config).get(spfConfig),
    dns: zoneDns(zone),
    hit: (symbol: string, detail?: HitDetail) => {
      hits[symbol] = detail;
    },
  };
  const task = { id: "1", envelope: { rcpts: [], ...envelope }, received: [] };
  return [(await spfCheck.run(task as never, ctx as unknown as Context<string, never, unknown>)) as SpfFinding, hits];
}

const envelope = { ip: "192.0.2.1", helo: "mail.example.org", from: "Alice@Example.ORG" };

test("a pass", async () => {
  const [finding, hits] = await run(envelope, [
    "example.org TXT v=spf1 a:mail.example.org -all",
    "mail.example.org A 192.0.2.1",
  ]);
  assert.deepEqual(hits, { R_SPF_ALLOW: { options: ["+a:mail.example.org"] } });
  assert.deepEqual(finding, {
    result: "pass",
    domain: "example.org",
    identity: "mailfrom",
    sender: "Alice@Example.ORG",
    mechanism: "+a:mail.example.org",
    reason: "",
    authentication: [
      {
        method: "spf",
        result: "pass",
        comment: "example.org lets 192.0.2.1 send: +a:mail.example.org",
        properties: [["smtp.mailfrom", "Alice@Example.ORG"]],
      },
    ],
  });
});

test("a null sender: the HELO name", async () => {
  const [finding] = await run({ ...envelope, from: "" }, ["mail.example.org TXT v=spf1 -all"]);
  const { identity, sender, domain, result, authentication } = finding;
  assert.deepEqual(
    [identity, sender, domain, result],
    ["helo", "postmaster@mail.example.org", "mail.example.org", "fail"],
  );
  const comment = "mail.example.org does not let 192.0.2.1 send: -all";
  const properties = [["smtp.helo", "mail.example.org"]];
  assert.deepEqual(authentication, [{ method: "spf", result: "fail", comment, properties }]);
});

test("a sender that nobody told us, and no HELO name", async () => {
  const [finding, hits] = await run({ ip: "192.0.2.1" }, []);
  assert.deepEqual(Object.keys(hits), ["R_SPF_NA"]);
  assert.deepEqual(finding.authentication?.[0]?.properties, []);
  assert.equal(finding.domain, "");
});

for (const [record, comment] of [
  ["v=spf1 ~all", "example.org doubts that 192.0.2.1 may send: ~all"],
  ["v=spf1 ?all", "example.org does not say whether 192.0.2.1 may send: ?all"],
  ["v=spf1", "example.org: no term matches"],
  ["v=spf1 moo", "example.org: moo: there is no such mechanism"],
  ["!TIMEOUT", "TXT example.org: timeout"],
  ["text", "example.org has no record"],
] as const) {
  test(`comment on ${record}`, async () => {
    const [finding] = await run(envelope, [`example.org TXT ${record}`]);
    assert.equal(finding.authentication?.[0]?.comment, comment);
  });
}

test("a domain beyond ASCII is given in ASCII", async () => {
  const [finding] = await run({ ...envelope, from: "anna@B\u00fccher.example" }, [
    "xn--bcher-kva.example TXT v=spf1 -all",
  ]);
  assert.equal(finding.domain, "xn--bcher-kva.example");
  assert.equal(finding.result, "fail");
});

test("a rewritten sender", async () => {
  const from = "SRS0=hash=tt=example.com=carol@example.org";
  const [finding, hits] = await run({ ...envelope, from }, ["example.org TXT v=spf1 all"]);
  assert.equal(finding.rewrittenFrom, "carol@example.com");
  assert.equal(finding.result, "pass");
  assert.deepEqual(hits, { R_SPF_PLUSALL: { options: ["+all", "srs=carol@example.com"] } });
});

test("limits of the configuration", async () => {
  const zone = ["example.org TXT v=spf1 mx -all", "example.org MX 1 a.example", "example.org MX 2 b.example"];
  const [finding] = await run(envelope, zone, "spf { max_dns_expansions = 1 }");
  assert.equal(finding.reason, "mx example.org: more than 1 hosts");
  const gone = ["example.org TXT v=spf1 a:a.example -all"];
  assert.equal((await run(envelope, gone, "spf { max_void_lookups = 0 }"))[0].result, "permerror");
  const deep = [
    "example.org TXT v=spf1 include:a.example -all",
    "a.example TXT v=spf1 include:b.example",
    "b.example TXT v=spf1 all",
  ];
  assert.equal((await run(envelope, deep, "spf { max_dns_nesting = 1 }"))[0].result, "permerror");
  assert.equal((await run(envelope, deep, "spf { max_dns_requests = 2 }"))[0].reason, "more than 2 queries");
  assert.equal((await run(envelope, deep))[0].result, "pass");
});

test("mail that is not checked leaves nothing", async () => {
  const zone = ["example.org TXT v=spf1 -all"];
  for (const [who, config] of [
    [{ ...envelope, ip: "10.1.1.1" }, ""],
    [{ ...envelope, user: "alice" }, ""],
    [envelope, 'spf { whitelist = "192.0.2.1" }'],
    [{ from: "alice@example.org" }, ""],
  ] as const) {
    assert.deepEqual(await run(who, zone, config), [undefined, {}]);
  }
});
