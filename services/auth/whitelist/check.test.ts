import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Findings, HitDetail } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { parseTree } from "../../../shared/config/ucl.ts";
import { validate } from "../../../shared/config/validate.ts";
import { silent } from "../../../shared/log.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import type { DmarcFinding } from "../dmarc/finding.ts";
import { dkim, signature, spf } from "../dmarc/run.testing.ts";
import { whitelist } from "./check.ts";
import { readValue } from "./judge.ts";

function dmarc(result: DmarcFinding["result"]): DmarcFinding {
  const domain = "example.org";
  return { result, domain, policyDomain: domain, policy: "none", spfAligned: false, dkimAligned: false, reason: "" };
}

function valuesOf(rules: string) {
  return configOf(whitelist.config, `whitelist { rules { ${rules} } }`).get(whitelist.config);
}

/** Symbols as "NAME*factor[domains]" for a mail of the author domain example.org. */
function run(rules: string, findings: Partial<Findings>, from = "joe@example.org"): readonly string[] {
  const hits: string[] = [];
  const hitConfigured = (symbol: string, { factor, options }: HitDetail = {}) => {
    hits.push(`${symbol}*${factor}[${options}]`);
  };
  const ctx = {
    config: valuesOf(rules),
    log: silent,
    hitConfigured,
    finding: (name: keyof Findings) => findings[name],
  };
  const facts = analyse(Buffer.from(`From: ${from}\r\n\r\nHello\r\n`));
  whitelist.run({ id: "test", envelope: { rcpts: [] }, ...facts } as never, ctx as never);
  return hits;
}

const own = "domains = [example.org]";
const spfPass = { SPF_CHECK: spf("pass", "example.org") };
const spfFail = { SPF_CHECK: spf("fail", "example.org") };
const dkimPass = { DKIM_CHECK: dkim(signature("pass", "example.org")) };
const dkimNone = { DKIM_CHECK: dkim() };

const cases: readonly (readonly [string, Partial<Findings>, readonly string[]])[] = [
  [`WHITELIST_SPF { ${own} }`, spfPass, ["WHITELIST_SPF*1[example.org]"]],
  [`WHITELIST_SPF { ${own} }`, spfFail, []],
  [`WHITELIST_SPF { ${own} }`, { SPF_CHECK: spf("pass", "example.com") }, []],
  [`WHITELIST_SPF { ${own} }`, { SPF_CHECK: spf("pass", "bounces.example.org") }, ["WHITELIST_SPF*1[example.org]"]],
  ["WHITELIST_SPF { domains = [bounces.example.org] }", spfPass, []],
  [`WHITELIST_SPF { ${own} }`, {}, []],
  [`WHITELIST_SPF { ${own}; strict = yes }`, spfFail, ["BLACKLIST_SPF*1[example.org]"]],
  [`WHITELIST_SPF { ${own}; strict = yes }`, { SPF_CHECK: spf("temperror", "example.org") }, []],
  ['WHITELIST_SPF { domains = [["example.org", "both:0.5"]] }', spfFail, ["BLACKLIST_SPF*0.5[example.org]"]],
  ['WHITELIST_SPF { domains = [["example.org", "both:0.5"]] }', spfPass, ["WHITELIST_SPF*0.5[example.org]"]],
  ['WHITELIST_SPF { domains = [["example.org", "bl:2"]] }', spfPass, []],
  ['WHITELIST_SPF { domains = [["example.org", "bl:2"]] }', spfFail, ["BLACKLIST_SPF*2[example.org]"]],
  [`WHITELIST_DKIM { ${own} }`, dkimPass, ["WHITELIST_DKIM*1[example.org]"]],
  [`WHITELIST_DKIM { ${own} }`, { DKIM_CHECK: dkim(signature("fail", "example.org")) }, []],
  [`WHITELIST_DKIM { ${own}; strict = yes }`, dkimNone, ["BLACKLIST_DKIM*1[example.org]"]],
  [
    `WHITELIST_DKIM { ${own}; strict = yes }`,
    { DKIM_CHECK: dkim(signature("pass", "example.com"), signature("temperror", "example.org")) },
    [],
  ],
  [
    `WHITELIST_DKIM { ${own}; strict = yes }`,
    { DKIM_CHECK: dkim(signature("pass", "example.com")) },
    ["BLACKLIST_DKIM*1[example.org]"],
  ],
  [`WHITELIST_SPF_DKIM { ${own} }`, { ...spfPass, ...dkimPass }, ["WHITELIST_SPF_DKIM*1[example.org]"]],
  [`WHITELIST_SPF_DKIM { ${own} }`, { ...spfPass, ...dkimNone }, []],
  [`WHITELIST_SPF_DKIM { ${own}; strict = yes }`, { ...spfPass, ...dkimNone }, ["BLACKLIST_SPF_DKIM*1[example.org]"]],
  [`WHITELIST_SPF_DKIM { ${own} }`, { ...dkimPass, SPF_CHECK: spf("pass", "example.com") }, []],
  [`WHITELIST_DMARC { ${own} }`, { DMARC_CHECK: dmarc("pass") }, ["WHITELIST_DMARC*1[example.org]"]],
  [`WHITELIST_DMARC { ${own} }`, { DMARC_CHECK: dmarc("fail") }, []],
  [`WHITELIST_DMARC { ${own}; strict = yes }`, { DMARC_CHECK: dmarc("fail") }, ["BLACKLIST_DMARC*1[example.org]"]],
  [`WHITELIST_DMARC { ${own}; strict = yes }`, { DMARC_CHECK: dmarc("temperror") }, []],
  [
    `BANK { valid_dmarc = yes; blacklist = yes; score = 4; ${own} }`,
    { DMARC_CHECK: dmarc("fail") },
    ["BANK*1[example.org]"],
  ],
  [`BANK { valid_dmarc = yes; blacklist = yes; score = 4; ${own} }`, { DMARC_CHECK: dmarc("pass") }, []],
  [
    `WHITELIST_DMARC_DKIM { valid_dmarc = yes; valid_dkim = yes; score = -5; ${own} }`,
    { ...dkimPass, DMARC_CHECK: dmarc("pass") },
    ["WHITELIST_DMARC_DKIM*1[example.org]"],
  ],
];

for (const [rules, findings, expected] of cases) {
  test(`${rules} for ${Object.keys(findings)} -> ${expected.join(" ") || "nothing"}`, () => {
    assert.deepEqual(run(rules, findings), expected);
  });
}

test("a mail without an author is of no domain", () => {
  assert.deepEqual(run(`WHITELIST_DMARC { ${own}; strict = yes }`, { DMARC_CHECK: dmarc("fail") }, "joe"), []);
});

test("values of a map", () => {
  const plain = { blacklist: false };
  assert.deepEqual(readValue("", plain), { kind: "wl", factor: 1 });
  assert.deepEqual(readValue("", { blacklist: true }), { kind: "bl", factor: 1 });
  assert.deepEqual(readValue("0.25", plain), { kind: "wl", factor: 0.25 });
  assert.deepEqual(readValue("both: 2", plain), { kind: "both", factor: 2 });
  assert.deepEqual(readValue("bl:1e9", plain), { kind: "bl", factor: 10 });
  assert.deepEqual(readValue("-3", plain), { kind: "wl", factor: 0 });
  assert.deepEqual(readValue("nonsense", plain), { kind: "wl", factor: 1 });
});

test("nothing to do without domains; symbols, scores and groups with them", () => {
  const named = (rules: string) => whitelist.configured?.(valuesOf(rules)) ?? null;
  assert.equal(named(""), null);
  assert.equal(named("X { valid_spf = yes }"), null);
  const symbols = named(`WHITELIST_SPF { ${own} } MINE { valid_dkim = yes; ${own}; score = -2; group = site }`);
  const shown = Object.entries(symbols ?? {}).map(([name, { score, group, key }]) => [name, score, group, key]);
  assert.deepEqual(shown, [
    ["BLACKLIST_SPF", 1, "whitelist", "whitelist.rules.WHITELIST_SPF.inverse_symbol"],
    ["WHITELIST_SPF", -1, "whitelist", "whitelist.rules.WHITELIST_SPF"],
    ["MINE", -2, "site", "whitelist.rules.MINE"],
  ]);
  const off = configOf(whitelist.config, `whitelist { enabled = no; rules { WHITELIST_SPF { ${own} } } }`);
  assert.equal(whitelist.configured?.(off.get(whitelist.config)), null);
  assert.equal(named(`WHITELIST_SPF { ${own}; enabled = no }`), null);
});

test("the domains of a file, as Rspamd's operators keep them", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-whitelist-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "spf_whitelist.inc.local");
  writeFileSync(path, "# trusted\nexample.org 0.5\nexample.com\n");
  const rules = `WHITELIST_SPF = { valid_spf = true; domains = ["https://maps.example/x.inc.zst", "${path}"]; score = -1.0 }`;
  assert.deepEqual(run(rules, spfPass), ["WHITELIST_SPF*0.5[example.org]"]);
});

/** A rule that cannot be is left out, and the others hold. */
for (const [rule, message] of [
  [`X { ${own} }`, /needs valid_spf, valid_dkim or valid_dmarc/],
  [`X { valid_spf = yes; strict = yes; ${own} }`, /needs an inverse_symbol/],
  [`X { valid_spf = maybe; ${own} }`, /is yes or no/],
  ["X { valid_spf = yes; domains = ['a b'] }", /"a b" is no domain/],
  ["X { valid_spf = yes; sore = 1 }", /is no key of a rule/],
  ['"not a name" { valid_spf = yes }', /cannot be the name of a symbol/],
  ["X { valid_spf = yes; score = high }", /must be a number/],
] as const) {
  test(`refuses ${rule}`, () => {
    const { root } = parseTree(`whitelist { rules { ${rule}; WHITELIST_SPF { ${own} } } }`);
    const { problems, values } = validate(root, whitelist.config);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? "", message);
    assert.deepEqual([problems[0]?.severity, problems[0]?.contained], ["error", true]);
    const names = Object.keys(whitelist.configured?.(values) ?? {});
    assert.deepEqual(names, ["BLACKLIST_SPF", "WHITELIST_SPF"]);
  });
}

test("rules in several pieces, and what is no rule", () => {
  const text = `whitelist { rules { WHITELIST_SPF { ${own} } } } whitelist { rules { WHITELIST_SPF { strict = yes } } }`;
  const { values, problems } = validate(parseTree(text).root, whitelist.config);
  assert.deepEqual(problems, []);
  assert.match(JSON.stringify(values), /"strict":true/);
  const wrong = validate(parseTree("whitelist { rules { X = 1 } }").root, whitelist.config);
  assert.match(wrong.problems[0]?.message ?? "", /is a section of rules/);
});
