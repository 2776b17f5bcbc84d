import assert from "node:assert/strict";
import { test } from "node:test";
import { arc, dkim, type Given, runDmarc, signature, spf } from "./run.testing.ts";

const reject = "_dmarc.example.org TXT v=DMARC1; p=reject";
const pass = (domain: string) => dkim(signature("pass", domain));

const cases: readonly (readonly [string, Given, readonly string[]])[] = [
  ["aligned SPF", { zone: [reject], spf: spf("pass", "example.org") }, ["DMARC_POLICY_ALLOW[example.org,reject]"]],
  ["aligned DKIM", { zone: [reject], dkim: pass("example.org") }, ["DMARC_POLICY_ALLOW[example.org,reject]"]],
  [
    "relaxed: a subdomain signs",
    { zone: [reject], dkim: pass("mail.example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  [
    "relaxed: the organisation signs for a subdomain, whose policy it is",
    { author: "news.example.org", zone: [reject], dkim: pass("example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  [
    "strict: a subdomain signs, another sends",
    { zone: [`${reject}; adkim=s; aspf=s`], spf: spf("pass", "b.example.org"), dkim: pass("a.example.org") },
    ["DMARC_POLICY_REJECT[example.org : SPF not aligned (strict), DKIM not aligned (strict),reject]"],
  ],
  [
    "strict: the same domain",
    { zone: [`${reject}; adkim=s; aspf=s`], dkim: pass("example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  [
    "strangers sign and send",
    { zone: [reject], spf: spf("pass", "example.com"), dkim: pass("notexample.org") },
    ["DMARC_POLICY_REJECT[example.org : SPF not aligned (relaxed), DKIM not aligned (relaxed),reject]"],
  ],
  [
    "neighbours under one public suffix are strangers",
    {
      author: "joe.github.io",
      zone: ["_dmarc.joe.github.io TXT v=DMARC1; p=reject"],
      dkim: pass("ann.github.io"),
      spf: spf("pass", "github.io"),
    },
    ["DMARC_POLICY_REJECT[joe.github.io : SPF not aligned (relaxed), DKIM not aligned (relaxed),reject]"],
  ],
  [
    "what fails is not aligned",
    { zone: [reject], spf: spf("fail", "example.org"), dkim: dkim(signature("fail", "example.org")) },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "one of many signatures is enough",
    {
      zone: [reject],
      dkim: dkim(signature("fail", "example.org"), signature("pass", "x.example"), signature("pass", "example.org")),
    },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  [
    "quarantine",
    { zone: ["_dmarc.example.org TXT v=DMARC1; p=quarantine"] },
    ["DMARC_POLICY_QUARANTINE[example.org : No valid SPF, No valid DKIM,quarantine]"],
  ],
  [
    "none",
    { zone: ["_dmarc.example.org TXT v=DMARC1; p=none"] },
    ["DMARC_POLICY_SOFTFAIL[example.org : No valid SPF, No valid DKIM,none]"],
  ],
  [
    "sp is for subdomains",
    { author: "a.example.org", zone: [`${reject}; sp=none`, "a.example.org A 192.0.2.9"] },
    ["DMARC_POLICY_SOFTFAIL[example.org : No valid SPF, No valid DKIM,none]"],
  ],
  [
    "sp is not for the domain itself",
    { zone: [`${reject}; sp=none`] },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "np is for subdomains that are not there",
    { author: "a.example.org", zone: ["_dmarc.example.org TXT v=DMARC1; p=none; sp=quarantine; np=reject"] },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "np is not for those that are",
    {
      author: "a.example.org",
      zone: ["_dmarc.example.org TXT v=DMARC1; p=none; sp=quarantine; np=reject", "a.example.org MX 10 m.example.org"],
    },
    ["DMARC_POLICY_QUARANTINE[example.org : No valid SPF, No valid DKIM,quarantine]"],
  ],
  [
    "a subdomain's own record",
    { author: "a.example.org", zone: [reject, "_dmarc.a.example.org TXT v=DMARC1; p=none"] },
    ["DMARC_POLICY_SOFTFAIL[a.example.org : No valid SPF, No valid DKIM,none]"],
  ],
  [
    "t=y is one step milder",
    { zone: [`${reject}; t=y`] },
    ["DMARC_POLICY_QUARANTINE[example.org : No valid SPF, No valid DKIM,reject,testing]"],
  ],
  [
    "pct=0 is one step milder",
    { zone: ["_dmarc.example.org TXT v=DMARC1; p=quarantine; pct=0"] },
    ["DMARC_POLICY_SOFTFAIL[example.org : No valid SPF, No valid DKIM,quarantine,sampled_out]"],
  ],
  [
    "pct=0, but the operator does not sample",
    { zone: [`${reject}; pct=0`], config: "dmarc { no_sampling_domains = [example.org] }" },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject,local_policy]"],
  ],
  ["no record", { zone: ["example.org A 192.0.2.1"] }, ["DMARC_NA[example.org]"]],
  ["other records", { zone: ["_dmarc.example.org TXT v=spf1 -all"] }, ["DMARC_NA[example.org]"]],
  [
    "two records",
    { zone: [reject, "_dmarc.example.org TXT v=DMARC1; p=none"] },
    ["DMARC_BAD_POLICY[example.org : Multiple policies defined in DNS]"],
  ],
  [
    "a record that asks for nonsense",
    { zone: ["_dmarc.example.org TXT v=DMARC1; p=rejekt"] },
    ["DMARC_BAD_POLICY[example.org : p tag has invalid value: rejekt]"],
  ],
  [
    "no answer on the author domain, though there is one on the organisation",
    { author: "a.example.org", zone: [reject, "_dmarc.a.example.org TXT !SERVFAIL"] },
    ["DMARC_DNSFAIL[a.example.org : SERVFAIL]"],
  ],
  [
    "no answer for aligned SPF",
    { zone: [reject], spf: spf("temperror", "mail.example.org") },
    ["DMARC_DNSFAIL[example.org : SPF/DKIM temp error,reject]"],
  ],
  [
    "no answer for SPF of a stranger",
    { zone: [reject], spf: spf("temperror", "example.com") },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "no answer for an aligned signature",
    { zone: [reject], dkim: dkim(signature("temperror", "example.org")), spf: spf("fail", "example.org") },
    ["DMARC_DNSFAIL[example.org : SPF/DKIM temp error,reject]"],
  ],
  [
    "no answer for SPF, but an aligned signature",
    { zone: [reject], dkim: pass("example.org"), spf: spf("temperror", "example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  [
    "a sealer that we trust saw it pass",
    { zone: [reject], arc: arc("pass", true) },
    ["DMARC_POLICY_ALLOW[example.org,reject,arc=list.example.net]"],
  ],
  [
    "a sealer that we trust saw it fail",
    { zone: [reject], arc: arc("fail", true) },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "a stranger says that it passed",
    { zone: [reject], arc: arc("pass", false) },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  ["no From", { message: "To: ann@example.net\r\n\r\n" }, ["DMARC_NA[No From header]"]],
  ["From without a domain", { message: "From: joe\r\n\r\n" }, ["DMARC_NA[No domain in From header]"]],
  [
    "two From headers",
    { message: "From: joe@example.org\r\nFrom: joe@example.org\r\n\r\n", zone: [reject] },
    ["DMARC_NA[Duplicate From header]"],
  ],
  [
    "authors of two domains",
    { message: "From: joe@example.org, ann@example.net\r\n\r\n", zone: [reject] },
    ["DMARC_NA[Several domains in From header]"],
  ],
  [
    "two authors of one domain",
    { message: "From: joe@example.org, Ann <ann@EXAMPLE.org>\r\n\r\n", zone: [reject], dkim: pass("example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  ["SPF was not checked, and DKIM does not vouch", { zone: [reject], spf: null }, []],
  ["DKIM was not checked", { zone: [reject], dkim: null, spf: spf("fail", "example.org") }, []],
  [
    "DKIM was not checked, and need not be",
    { zone: [reject], dkim: null, spf: spf("pass", "example.org") },
    ["DMARC_POLICY_ALLOW[example.org,reject]"],
  ],
  ["own networks", { zone: [reject], envelope: { ip: "10.1.2.3", rcpts: [] } }, []],
  ["a user", { zone: [reject], envelope: { ip: "192.0.2.1", user: "joe", rcpts: [] } }, []],
  ["a user without an address", { zone: [reject], envelope: { user: "joe", rcpts: [] } }, []],
  [
    "own networks, on request",
    { zone: [reject], envelope: { ip: "10.1.2.3", rcpts: [] }, config: "dmarc { check_local = yes }" },
    ["DMARC_POLICY_REJECT[example.org : No valid SPF, No valid DKIM,reject]"],
  ],
  [
    "an Internet name in Unicode",
    {
      message: "From: =?utf-8?q?J=C3=B6?= <joe@b\u00fccher.example>\r\n\r\n",
      zone: ["_dmarc.xn--bcher-kva.example TXT v=DMARC1; p=reject"],
      dkim: pass("xn--bcher-kva.example"),
    },
    ["DMARC_POLICY_ALLOW[xn--bcher-kva.example,reject]"],
  ],
];

for (const [name, given, expected] of cases) {
  test(name, async () => {
    assert.deepEqual((await runDmarc(given)).hits, expected);
  });
}

test("the finding, and what the header Authentication-Results says", async () => {
  const passed = await runDmarc({ author: "a.example.org", zone: [reject], spf: spf("pass", "a.example.org") });
  assert.deepEqual(passed.finding, {
    result: "pass",
    domain: "a.example.org",
    policyDomain: "example.org",
    policy: "reject",
    spfAligned: true,
    dkimAligned: false,
    reason: "",
    authentication: [
      {
        method: "dmarc",
        result: "pass",
        comment: "policy=reject",
        properties: [["header.from", "a.example.org"]],
      },
    ],
  });
  const failed = await runDmarc({ zone: [reject] });
  assert.deepEqual(failed.finding?.authentication, [
    {
      method: "dmarc",
      result: "fail",
      comment: "policy=reject",
      reason: "No valid SPF, No valid DKIM",
      properties: [["header.from", "example.org"]],
    },
  ]);
  const none = await runDmarc({});
  assert.deepEqual(none.finding?.authentication, [
    { method: "dmarc", result: "none", properties: [["header.from", "example.org"]] },
  ]);
  const repaired = await runDmarc({ zone: [reject], arc: arc("pass", true) });
  assert.equal(repaired.finding?.result, "pass");
  assert.deepEqual([repaired.finding?.spfAligned, repaired.finding?.dkimAligned], [false, false]);
});

test("sampling depends on the message alone", async () => {
  const zone = ["_dmarc.example.org TXT v=DMARC1; p=reject; pct=50"];
  const symbolOf = async (n: number) => {
    const message = `From: joe@example.org\r\nSubject: ${n}\r\n\r\nHello\r\n`;
    const [first = "", second = ""] = [
      (await runDmarc({ message, zone })).hits[0],
      (await runDmarc({ message, zone })).hits[0],
    ];
    assert.equal(first, second);
    return first.slice(0, first.indexOf("["));
  };
  const symbols = new Map<string, number>();
  for (let n = 0; n < 200; n++) {
    const symbol = await symbolOf(n);
    symbols.set(symbol, (symbols.get(symbol) ?? 0) + 1);
  }
  assert.deepEqual([...symbols.keys()].sort(), ["DMARC_POLICY_QUARANTINE", "DMARC_POLICY_REJECT"]);
  for (const count of symbols.values()) assert.ok(count > 60 && count < 140, String(count));
});

test("actions follow what is left of the policy", async () => {
  const config = "dmarc { actions { reject = reject; quarantine = add_header; na = greylist; softfail = null } }";
  const resultOf = async (given: Given) => (await runDmarc({ ...given, config })).details[0]?.result;
  assert.deepEqual(await resultOf({ zone: [reject] }), {
    action: "reject",
    least: true,
    message: "Email rejected per DMARC policy for example.org",
  });
  assert.deepEqual(await resultOf({ zone: [`${reject}; pct=0`] }), { action: "add header", least: true });
  assert.deepEqual(await resultOf({}), { action: "greylist", least: true });
  assert.equal(await resultOf({ zone: ["_dmarc.example.org TXT v=DMARC1; p=none"] }), undefined);
  assert.equal(await resultOf({ zone: [reject], spf: spf("pass", "example.org") }), undefined);
});

test("hostile: domains as deep as they go, hundreds of signatures", async () => {
  const deep = `${"a.".repeat(110)}example.org`;
  const given = {
    author: deep,
    zone: [reject],
    dkim: dkim(...Array.from({ length: 500 }, (_, n) => signature("pass", `${n}.example.com`))),
  };
  const plain = await runDmarc(given);
  assert.deepEqual(plain.asked, [`TXT _dmarc.${deep}`, "TXT _dmarc.example.org"]);
  assert.equal(plain.hits.length, 1);
  const walked = await runDmarc({ ...given, config: "dmarc { tree_walk = yes }" });
  assert.equal(walked.asked.length, 8);
  const longest = `${"a".repeat(60)}.`.repeat(4).slice(0, 240);
  const tooLong = await runDmarc({ author: `${longest}.example.org` });
  assert.ok(tooLong.asked.every((name) => name.length <= "TXT ".length + 253));
});
