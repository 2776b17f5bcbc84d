import assert from "node:assert/strict";
import { test } from "node:test";
import { Odd, parseHost, refang } from "./url-host.ts";

const { confusable, numeric, obfuscated, punycode } = Odd;

test("plain names are put in lower case", () => {
  assert.deepEqual(parseHost("example.org"), { host: "example.org", odd: 0 });
  assert.deepEqual(parseHost("WWW.Example.ORG."), { host: "www.example.org", odd: 0 });
  assert.deepEqual(parseHost("a_b.example.cafe"), { host: "a_b.example.cafe", odd: 0 });
});

test("addresses in all notations become dotted quads", () => {
  assert.deepEqual(parseHost("192.0.2.1"), { host: "192.0.2.1", odd: numeric });
  for (const written of [
    "3221225985",
    "0xC0000201",
    "030000001001",
    "192.513",
    "192.0.513",
    "0xc0.0.2.1",
    "0300.0.0002.01",
    "192.0.2.1.",
    "%3192.0.2.1",
    "１９２。０。２。１",
    "192[.]0[.]2[.]1",
  ]) {
    const host = parseHost(written);
    assert.equal(host?.host, "192.0.2.1", written);
    assert.equal((host?.odd ?? 0) & (numeric | obfuscated), numeric | obfuscated, written);
  }
  for (const none of [
    "256.1.1.1",
    "1.2.3.4.5",
    "4294967296",
    "08.1.1.1",
    "1.2.3.0xg.9",
    "foo.1",
    "1..2",
    "0x100000000",
  ]) {
    assert.equal(parseHost(none), null, none);
  }
});

test("IPv6 addresses stand without brackets, in the usual form", () => {
  assert.deepEqual(parseHost("[2001:DB8:0:0::1]"), { host: "2001:db8::1", odd: numeric });
  for (const none of ["[::g]", "[::1", "::1", `[${":".repeat(100)}]`]) assert.equal(parseHost(none), null, none);
});

test("disguises are resolved and noted", () => {
  assert.deepEqual(parseHost("ex%61mple%2Eorg"), { host: "example.org", odd: obfuscated });
  assert.deepEqual(parseHost("example[.]org"), { host: "example.org", odd: obfuscated });
  assert.deepEqual(parseHost("exa\u200bmple\u3002org"), { host: "example.org", odd: obfuscated });
  assert.deepEqual(parseHost("ｅｘample.org"), { host: "example.org", odd: obfuscated | confusable });
  assert.equal(refang("a[.]b(dot)c{.}d[DOT]e"), "a.b.c.d.e");
});

test("international names become punycode", () => {
  assert.deepEqual(parseHost("münchen.de"), { host: "xn--mnchen-3ya.de", odd: punycode });
  assert.deepEqual(parseHost("xn--mnchen-3ya.de"), { host: "xn--mnchen-3ya.de", odd: punycode });
  assert.deepEqual(parseHost("p\u0430ypal.com"), { host: "xn--pypal-4ve.com", odd: punycode | confusable });
});

test("what is no host name is none", () => {
  for (const none of [
    "",
    ".",
    "a..b",
    "a b",
    "a<b",
    "%",
    "%ff",
    "%00",
    "a%2fb",
    "\u0600",
    "a:b",
    "[",
    "[.]",
    `${"a".repeat(64)}.org`,
  ]) {
    assert.equal(parseHost(none), null, none);
  }
});
