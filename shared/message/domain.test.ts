import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asciiHost, isHostName, organisationalDomain } from "./domain.ts";

// Where the suite of the public suffix list expects something else, on purpose.
const deviations = new Map([
  ["example.example", "a suffix that the list does not have gives no domain; the suite applies the rule *"],
  ["b.example.example", "the same"],
  ["a.b.example.example", "the same"],
]);

test("agrees with the suite of the public suffix list", () => {
  const suite = readFileSync(new URL("domain.psl.txt", import.meta.url), "utf8");
  let cases = 0;
  for (const [, host, expected] of suite.matchAll(/^checkPublicSuffix\('([^']+)', (null|'[^']+')\);/gm)) {
    assert.ok(host !== undefined && expected !== undefined);
    const domain = expected === "null" || deviations.has(host) ? "" : asciiHost(expected.slice(1, -1));
    assert.equal(organisationalDomain(host), domain, host);
    cases++;
  }
  assert.equal(cases, 77);
});

test("private suffixes part those who register below them", () => {
  assert.equal(organisationalDomain("www.someone.github.io"), "someone.github.io");
  assert.equal(organisationalDomain("github.io"), "");
});

test("takes a final dot, capitals, Unicode", () => {
  assert.equal(organisationalDomain("WWW.Example.CO.UK."), "example.co.uk");
  assert.equal(organisationalDomain("www.münchen.de"), "xn--mnchen-3ya.de");
  assert.equal(organisationalDomain("www.example。com"), "example.com");
});

test("no address and no rubbish has a domain", () => {
  const hosts = ["", ".", "..", "192.0.2.1", "[::1]", "::1", "a b.com", "a..com", "-", "com", "localhost", "a@b.com"];
  for (const host of hosts) assert.equal(organisationalDomain(host), "", host);
  assert.equal(organisationalDomain("a.".repeat(500_000)), "");
});

test("asciiHost lowers ASCII and encodes the rest", () => {
  assert.equal(asciiHost("Example.ORG"), "example.org");
  assert.equal(asciiHost("ｅｘａｍｐｌｅ．ｏｒｇ"), "example.org");
  assert.equal(asciiHost("exa\u200bmple.org"), "example.org");
  assert.equal(asciiHost("食狮.公司.cn."), "xn--85x722f.xn--55qx5d.cn");
  assert.equal(asciiHost("a b\u00fc.org"), "");
  assert.equal(asciiHost(""), "");
});

test("a host name is labels of at most 63 characters", () => {
  assert.ok(isHostName("a_b.example-1.org"));
  assert.ok(isHostName(`${"a".repeat(63)}.org`));
  for (const host of ["", "a..b", ".a", "a.", "A", "a b", `${"a".repeat(64)}.org`, `${"a.".repeat(127)}ab`]) {
    assert.equal(isHostName(host), false, host);
  }
});

test("a name beyond ASCII that is far too long is none", () => {
  assert.equal(asciiHost(`${"ü".repeat(100_000)}.de`), "");
});
