// What the suites do not have: limits, input from hell, what a postmaster is told.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Soon } from "../../../shared/dns/steps.ts";
import { zoneDns } from "../../../shared/dns/zone.testing.ts";
import { evaluateSpf, type SpfOptions, type SpfOutcome, type SpfQuestion } from "./evaluate.ts";

const question: SpfQuestion = {
  ip: "192.0.2.1",
  helo: "mail.example.org",
  sender: "alice@example.org",
  domain: "example.org",
};

function ask(lines: readonly string[], given: Partial<SpfQuestion> = {}, options: SpfOptions = {}): Soon<SpfOutcome> {
  return evaluateSpf(zoneDns(lines), { ...question, ...given }, options);
}

async function result(lines: readonly string[], given: Partial<SpfQuestion> = {}): Promise<string> {
  const { result, mechanism, reason } = await ask(lines, given);
  return `${result} ${mechanism}${reason}`;
}

for (const [why, lines, expected] of [
  [
    "eleven terms",
    ["example.org TXT v=spf1 a a a a a a a a a a a -all", "example.org A 192.0.2.9"],
    "permerror more than 10 terms that ask the DNS",
  ],
  [
    "a record that includes itself",
    ["example.org TXT v=spf1 include:example.org -all"],
    "permerror more than 10 terms that ask the DNS",
  ],
  [
    "eleven hosts of an mx, the client first",
    [
      "example.org TXT v=spf1 mx -all",
      ...Array.from({ length: 11 }, (_, n) => `example.org MX ${n} m${n}.example.org`),
      "m0.example.org A 192.0.2.1",
    ],
    "permerror mx example.org: more than 10 hosts",
  ],
  [
    "an included domain without a record",
    ["example.org TXT v=spf1 include:a.example ?all", "a.example TXT nothing"],
    "permerror example.org: include:a.example: a.example has no record",
  ],
  [
    "a redirect to nowhere",
    ["example.org TXT v=spf1 redirect=a.example"],
    "permerror example.org: redirect=a.example: a.example does not exist",
  ],
  [
    "a redirect to what is no name",
    ["example.org TXT v=spf1 redirect=%{l}..example"],
    "permerror example.org: redirect=%{l}..example is no name",
  ],
  [
    "an error in an included record",
    ["example.org TXT v=spf1 include:a.example -all", "a.example TXT v=spf1 a:b"],
    "permerror a.example: a:b: its domain does not end like a name",
  ],
  [
    "a host of an mx that cannot be had",
    ["example.org TXT v=spf1 mx -all", "example.org MX 10 m.example", "m.example A !SERVFAIL"],
    "temperror A m.example: SERVFAIL",
  ],
  ["one domain that takes no mail (RFC 7505)", ["example.org TXT v=spf1 mx -all", "example.org MX 0 ."], "fail -all"],
  [
    "macros that grow beyond measure",
    [`example.org TXT v=spf1 exists:${"%{s}".repeat(800)}.example -all`],
    "permerror example.org: macros grow to more than 4096 characters",
  ],
  [
    "a name of 400 characters, cut on its left",
    [
      `example.org TXT v=spf1 exists:${"%{o}.".repeat(35)}x.example -all`,
      `org.${"example.org.".repeat(20)}x.example A 127.0.0.2`,
    ],
    `pass +exists:${"%{o}.".repeat(35).slice(0, 89)}...`,
  ],
  ["a label that is too long", [`example.org TXT v=spf1 exists:${"a".repeat(64)}.example -all`], "fail -all"],
] as const) {
  test(why, async () => {
    assert.equal(await result(lines), expected);
  });
}

test("the client may be in a pool of many hosts", async () => {
  const lines = [
    "example.org TXT v=spf1 a -all",
    ...Array.from({ length: 200 }, (_, n) => `example.org A 192.0.2.${n}`),
  ];
  assert.equal(await result(lines), "pass +a");
});

for (const [why, given, expected] of [
  ["no address", { ip: "unknown" }, "none there is no address to check"],
  ["a domain that is one label", { domain: "localhost" }, "none the sender has no domain to ask for"],
  ["a domain of 300 characters", { domain: `${"a.".repeat(148)}example` }, "none the sender has no domain to ask for"],
  ["a domain with a blank", { domain: "exa mple.org" }, "none the sender has no domain to ask for"],
  ["an address literal", { domain: "[192.0.2.1]" }, "none the sender has no domain to ask for"],
  ["a sender of 64 KB", { sender: `${"a".repeat(65_536)}@example.org` }, "none the sender is too long"],
  ["a HELO name of 64 KB", { helo: "a".repeat(65_536) }, "pass +exists:%{h}.example"],
  ["a local part beyond ASCII is no match (RFC 8616, 4)", { helo: "x", sender: "ähm@example.org" }, "fail -all"],
] as const) {
  test(why, async () => {
    const lines = [
      "example.org TXT v=spf1 exists:%{l}.example exists:%{h}.example -all",
      "unknown.example A 127.0.0.2",
    ];
    assert.equal(await result(lines, given), expected);
  });
}

test("a domain beyond ASCII stands in macros as in the DNS (RFC 8616, 4)", async () => {
  const lines = [
    "xn--bcher-kva.example TXT v=spf1 exists:%{o}.list.example -all",
    "xn--bcher-kva.example.list.example A 127.0.0.2",
  ];
  const sender = { sender: "anna@b\u00fccher.example", domain: "xn--bcher-kva.example" };
  assert.equal(await result(lines, sender), "pass +exists:%{o}.list.example");
});

test("limits can be set, and a limit of queries is a permerror, also where a failing DNS would be no match", async () => {
  const lines = [
    "example.org TXT v=spf1 include:a.example mx ptr -all",
    "a.example TXT v=spf1 ?all",
    "example.org MX 1 m.example",
  ];
  assert.equal((await ask(lines)).result, "fail");
  assert.deepEqual(
    [
      (await ask(lines, {}, { limits: { queries: 4 } })).reason,
      (await ask(lines, {}, { limits: { nesting: 1, terms: 2 } })).reason,
    ],
    ["more than 4 queries", "more than 2 terms that ask the DNS"],
  );
  const nested = [
    "example.org TXT v=spf1 include:a.example -all",
    "a.example TXT v=spf1 redirect=b.example",
    "b.example TXT v=spf1 all",
  ];
  assert.equal((await ask(nested, {}, { limits: { nesting: 1 } })).reason, "more than 1 records one within the other");
  assert.equal((await ask(nested, {}, { limits: { nesting: 2 } })).result, "pass");
});

test("hosts without an address of the client's family are asked for once more before the limit of voids tells", async () => {
  const names = ["one", "two", "three"].map((name) => `${name}.example`);
  const record = `example.org TXT v=spf1 ${names.map((name) => `a:${name}`).join(" ")} ip6:2001:db8::/32 -all`;
  const hosts = names.map((name) => `${name} A 192.0.2.9`);
  const client = { ip: "2001:db8::1" };
  assert.equal(await result([record, ...hosts], client), "pass +ip6:2001:db8::/32");
  // No addresses at all.
  const texts = names.map((name) => `${name} TXT nothing`);
  assert.equal(await result([record, ...texts], client), "permerror more than 2 names without an answer");
  assert.equal(await result([record, ...hosts.slice(1)], client), "pass +ip6:2001:db8::/32");
});

test("names of the client: the first ten, confirmed, and the best for the macro p", async () => {
  const names = Array.from({ length: 12 }, (_, n) => `1.2.0.192.in-addr.arpa PTR h${n}.example.org`);
  const record = "example.org TXT v=spf1 ptr:%{d} -all";
  assert.equal(await result([record, ...names, "h9.example.org A 192.0.2.1"]), "pass +ptr:%{d}");
  assert.equal(await result([record, ...names, "h10.example.org A 192.0.2.1"]), "fail -all");
  assert.equal(await result([record, ...names, "h0.example.org A 192.0.2.2"]), "fail -all");
  const p = [
    "example.org TXT v=spf1 exists:%{p}.p -all",
    "1.2.0.192.in-addr.arpa PTR other.example",
    "other.example A 192.0.2.1",
  ];
  assert.equal(await result([...p, "other.example.p A 127.0.0.2"]), "pass +exists:%{p}.p");
  const better = ["1.2.0.192.in-addr.arpa PTR mail.example.org", "mail.example.org A 192.0.2.1"];
  assert.equal(await result([...p, ...better, "mail.example.org.p A 127.0.0.2"]), "pass +exists:%{p}.p");
  assert.equal(await result([...p.slice(0, 2), "unknown.p A 127.0.0.2"]), "pass +exists:%{p}.p");
});

test("an explanation is fetched for a fail only, once, and when it is asked for", async () => {
  const lines = [
    "example.org TXT v=spf1 -all exp=why.%{d}",
    "why.example.org TXT %{i} is not %{o}, says %{r} at %{t}. %{c}%%",
  ];
  const options = { explain: true, receiver: "mx.example.net", now: 1_500 };
  const dns = zoneDns(lines);
  assert.equal((await evaluateSpf(dns, question)).explanation, "");
  assert.deepEqual(dns.asked, ["TXT example.org"]);
  const expected = "192.0.2.1 is not example.org, says mx.example.net at 1. 192.0.2.1%";
  assert.equal((await ask(lines, {}, options)).explanation, expected);
  for (const text of ["%{z}", `${"%{s}".repeat(1_000)}`, "caf\u00e9"]) {
    assert.equal((await ask([lines[0] ?? "", `why.example.org TXT ${text}`], {}, options)).explanation, "");
  }
});

test("records of the largest size and depth end soon, one way or the other", async () => {
  const wide = "ip4:198.51.100.1 ".repeat(950);
  const chain = Array.from({ length: 12 }, (_, n) => `n${n}.example TXT v=spf1 ${wide}include:n${n + 1}.example -all`);
  assert.equal(await result(chain, { domain: "n0.example" }), "permerror records of more than 32768 characters");
  const terms = `example.org TXT v=spf1 ${"a=%{i} ".repeat(2_300)}-all`;
  assert.equal(await result([terms]), "fail -all");
  assert.match(await result([`example.org TXT v=spf1 ${"a".repeat(20_000)}`]), /^permerror example\.org: it is longer/);
  assert.match(await result([`example.org TXT v=spf1 ${"a".repeat(65_500)}`]), /^permerror records of more than 32768/);
  assert.match(
    await result([`example.org TXT v=spf1 a:${".".repeat(16_000)}`]),
    /^permerror .*does not end like a name$/,
  );
  assert.equal(
    await result([`example.org TXT v=spf1 a:${"%{d}.".repeat(3_000)}%{d} -all`]),
    "permerror example.org: macros grow to more than 4096 characters",
  );
});
