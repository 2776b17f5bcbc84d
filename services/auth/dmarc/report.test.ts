import assert from "node:assert/strict";
import { test } from "node:test";
import { withAction } from "./report.ts";
import { arc, dkim, type Given, runDmarc, signature, spf } from "./run.testing.ts";

const rua = "rua=mailto:r@example.org,mailto:x@reports.example!10k";
const reject = `_dmarc.example.org TXT v=DMARC1; p=reject; sp=none; aspf=s; pct=100; fo=d:s; ${rua}`;
const on = (more = "") => `dmarc { reporting { enabled = yes; ${more} } }`;
const reportOf = async (given: Given, more = "") =>
  (await runDmarc({ zone: [reject], config: on(more), ...given })).finding?.report;

test("what a message adds to a report", async () => {
  const report = await reportOf({
    author: "news.example.org",
    spf: spf("softfail", "example.org"),
    dkim: dkim(signature("pass", "example.org"), signature("fail", "example.com")),
  });
  assert.deepEqual(report, {
    time: 1_768_478_400_000,
    policyDomain: "example.org",
    published: { adkim: "r", aspf: "s", p: "reject", sp: "none", pct: 100, fo: "d:s" },
    addresses: [
      { address: "r@example.org", limit: null },
      { address: "x@reports.example", limit: 10_240 },
    ],
    row: {
      ip: "192.0.2.1",
      disposition: "none",
      dkim: "pass",
      spf: "fail",
      headerFrom: "news.example.org",
      envelopeFrom: "example.org",
      dkimResults: [
        { domain: "example.org", selector: "s1", result: "pass" },
        { domain: "example.com", selector: "s1", result: "fail" },
      ],
      spfResult: { domain: "example.org", scope: "mfrom", result: "softfail" },
    },
  });
});

test("why it is not what the record asks for", async () => {
  const reason = async (given: Given) => (await reportOf(given))?.row.reason;
  assert.equal(await reason({}), undefined);
  const sampled = { zone: [reject.replace("pct=100", "pct=0")] };
  assert.deepEqual(await reason(sampled), { type: "sampled_out", comment: "" });
  assert.deepEqual(await reason({ zone: [`${reject}; t=y`] }), { type: "local_policy", comment: "t=y" });
  assert.deepEqual(await reason({ arc: arc("pass", true) }), {
    type: "local_policy",
    comment: "arc=pass as[2].d=list.example.net as[2].s=a1",
  });
});

const silent: readonly (readonly [string, Given, string?])[] = [
  ["nobody asks", { zone: ["_dmarc.example.org TXT v=DMARC1; p=reject"] }],
  ["nobody knows the client", { envelope: { from: "bounce@example.org", rcpts: [] } }],
  ["another domain is meant", {}, "only_domains = [example.com]"],
  ["the domain is excluded", {}, "exclude_domains = [example.org]"],
  [
    "its organisation is",
    { author: "a.example.org", zone: [`_dmarc.a.${reject.slice(7)}`] },
    "exclude_domains = [example.org]",
  ],
  ["the recipient is", {}, 'exclude_recipients = ["@example.net"]'],
  ["all addresses are", {}, 'exclude_rua_addresses = ["r@example.org", "@reports.example"]'],
  ["the DNS did not answer", { zone: ["_dmarc.example.org TXT !TIMEOUT"] }],
];

for (const [name, given, more] of silent) {
  test(`no report: ${name}`, async () => {
    assert.equal(await reportOf({ spf: spf("pass", "example.org"), ...given }, more), undefined);
  });
}

test("no report: the operator has not asked for it, or excludes the domain in the older way", async () => {
  assert.equal((await runDmarc({ zone: [reject] })).finding?.report, undefined);
  const config = "dmarc { no_reporting_domains = [example.org]; reporting { enabled = yes } }";
  assert.equal((await runDmarc({ zone: [reject], config })).finding?.report, undefined);
});

test("one address of several is excluded, a domain is among those that are meant", async () => {
  const report = await reportOf({}, 'exclude_rua_addresses = "r@example.org"; only_domains = [example.org]');
  assert.deepEqual(report?.addresses, [{ address: "x@reports.example", limit: 10_240 }]);
});

test("what was really done with it", async () => {
  const rejected = await reportOf({});
  const passed = await reportOf({ spf: spf("pass", "example.org") });
  assert.ok(rejected !== undefined && passed !== undefined);
  const shown = (action: string, report = rejected) => {
    const { disposition, reason } = withAction(report, action).row;
    return [disposition, reason?.type];
  };
  assert.deepEqual(shown("reject"), ["reject", undefined]);
  assert.deepEqual(shown("discard"), ["reject", undefined]);
  assert.deepEqual(shown("add header"), ["quarantine", "local_policy"]);
  assert.deepEqual(shown("no action"), ["none", "local_policy"]);
  assert.deepEqual(shown("custom"), ["none", "local_policy"]);
  assert.deepEqual(shown("reject", passed), ["none", undefined], "spam is no matter of DMARC");
});

test("names in a row are no longer than those of the DNS", async () => {
  const long = `${"x".repeat(10_000)}.example.org`;
  const report = await reportOf({ dkim: dkim({ ...signature("fail", long), selector: long }), spf: spf("fail", long) });
  assert.ok(JSON.stringify(report?.row).length < 1_500);
});
