import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { restoreSender, rewriteSender, type SrsOptions } from "./sender.ts";

const day = 86_400_000;
const now = Date.parse("2026-01-15T12:00:00Z");
const options: SrsOptions = {
  domain: "example.org",
  secret: ["first secret of the test", "second secret of the test"],
  separator: "=",
  hash_length: 4,
  max_age: 21 * day,
};
const rewritten = (sender: string, more: Partial<SrsOptions> = {}, time = now): string => {
  const address = rewriteSender(sender, { ...options, ...more }, time);
  assert.ok(typeof address === "string", String(address));
  return address;
};

test("there and back, whatever the separator and the length of the hash", () => {
  for (const separator of ["=", "+", "-"]) {
    for (const hash_length of [4, 8, 27]) {
      for (const sender of ["joe@example.com", "a+b=c=d@mail.example.com", "JOE@Example.COM", "x!y%z/w@example.com"]) {
        const address = rewritten(sender, { separator, hash_length });
        assert.match(address, /^SRS0[=+-].*@example\.org$/);
        const back = restoreSender(address, options, now);
        assert.equal(back, `${sender.split("@")[0]}@${sender.split("@")[1]?.toLowerCase()}`);
      }
    }
  }
});

test("written as libsrs2 and postsrsd write it", () => {
  // Days since 1970, modulo 1,024, in base32.
  const days = Math.floor(now / day) % 1024;
  const time = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[days >> 5] + ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[days & 31] ?? "");
  const hash = createHmac("sha1", "first secret of the test")
    .update(time.toLowerCase())
    .update("example.com")
    .update("joe")
    .digest("base64");
  assert.equal(rewritten("Joe@example.com"), `SRS0=${hash.slice(0, 4)}=${time}=example.com=Joe@example.org`);
});

test("what another forwarder has rewritten becomes SRS1, which does not grow", () => {
  const there = rewritten("joe@example.com", { domain: "first.example", separator: "+" });
  const once = rewritten(there);
  assert.match(once, /^SRS1=[^=]{4}=first\.example=\+[^=]{4}=[A-Z2-7]{2}=example\.com=joe@example\.org$/);
  assert.equal(restoreSender(once, options, now), there);
  const twice = rewritten(once, { domain: "second.example" });
  assert.equal(twice.length, once.length - "example.org".length + "second.example".length);
  assert.equal(restoreSender(twice, { ...options, domain: "second.example" }, now), there);
});

test("secrets are changed: the first signs, all are accepted", () => {
  const old = rewritten("joe@example.com", { secret: ["second secret of the test"] });
  assert.equal(restoreSender(old, options, now), "joe@example.com");
  assert.notEqual(rewritten("joe@example.com"), old);
  assert.equal(restoreSender(old, { ...options, secret: ["first secret of the test"] }, now), undefined);
  assert.equal(restoreSender(old, { ...options, secret: [] }, now), undefined);
});

test("a server on the way may change the case", () => {
  const address = rewritten("joe@example.com");
  for (const other of [address.toLowerCase(), address.toUpperCase()]) {
    assert.equal(restoreSender(other, options, now)?.toLowerCase(), "joe@example.com");
  }
});

test("too old, of another day, forged, cut, of another domain: not found", () => {
  const address = rewritten("joe@example.com");
  assert.equal(restoreSender(address, options, now + 21 * day), "joe@example.com");
  assert.equal(restoreSender(address, options, now + 22 * day), undefined);
  assert.equal(restoreSender(address, options, now - day), "joe@example.com", "a clock that goes behind");
  assert.equal(restoreSender(address, options, now - 2 * day), undefined);
  for (const forged of [
    address.replace("joe", "jim"),
    address.replace("example.com", "example.net"),
    address.replace(/=[^=]{4}=/, "=AAAA="),
    address.replace(/=[^=]{4}=/, "=AAA="),
    address.replace(/=[^=]{4}=/, "=="),
    address.replace("@example.org", "@example.net"),
    address.replace("SRS0", "SRS2"),
    address.replace("SRS0=", "SRS0"),
    address.replace("joe", "joe\nOK"),
    `${address}\0`,
    "SRS0=@example.org",
    "SRS1=AAAA=first.example==AAAA=AA=example.com=joe@example.org",
    "joe@example.org",
    "@example.org",
    "",
    "x".repeat(10_000),
    `SRS0=${"=".repeat(200)}@example.org`,
  ]) {
    assert.equal(restoreSender(forged, options, now), undefined, forged);
  }
});

test("what cannot be rewritten says why", () => {
  for (const sender of [
    "",
    "joe",
    "@example.com",
    "joe@",
    "joe@exa mple.com",
    '"a b"@example.com',
    "jö@example.com",
    `${"x".repeat(240)}@example.com`,
  ]) {
    assert.ok(rewriteSender(sender, options, now) instanceof Error, sender);
  }
});
