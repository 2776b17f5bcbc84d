import assert from "node:assert/strict";
import { test } from "node:test";
import { Odd } from "./url-host.ts";
import { parseUrl } from "./url-parse.ts";

test("takes a URL apart", () => {
  assert.deepEqual(parseUrl("HTTPS://user:pw@WWW.Example.org:8443/a/B?c=d?e#f#g"), {
    url: "https://user:pw@www.example.org:8443/a/B?c=d?e#f#g",
    scheme: "https",
    user: "user:pw",
    host: "www.example.org",
    port: 8443,
    path: "/a/B",
    query: "c=d?e",
    fragment: "f#g",
    odd: Odd.user,
  });
});

test("one address has one normal form", () => {
  const url = (written: string) => parseUrl(written)?.url;
  assert.equal(url("http://example.org"), "http://example.org/");
  assert.equal(url("http://EXAMPLE.org:80/"), "http://example.org/");
  assert.equal(url("http://example.org:/"), "http://example.org/");
  assert.equal(url("http://example.org?"), "http://example.org/?");
  assert.equal(url("http://example.org#x"), "http://example.org/#x");
  assert.equal(url("http://[::1]:8080/x"), "http://[::1]:8080/x");
  assert.equal(url("ftp://example.org/x"), "ftp://example.org/x");
  assert.equal(url("file:///etc/passwd"), "file:///etc/passwd");
});

test("what a browser mends is mended and noted", () => {
  for (const written of [
    "http:\\\\example.org\\a",
    "http:/example.org/a",
    "http:example.org/a",
    "http:////example.org/a",
    "http://example.org\\a",
    "hxxp://example.org/a",
    "ht\ntp://example.org/a",
    "http://exam\tple.org/a",
    "http://example%2eorg/a",
  ]) {
    const parsed = parseUrl(written);
    assert.equal(parsed?.url, "http://example.org/a", written);
    assert.ok(((parsed?.odd ?? 0) & Odd.obfuscated) !== 0, written);
  }
  // A line end in the path is the work of a mailer that wraps.
  assert.deepEqual(
    [parseUrl("http://example.org/a\r\nb")?.path, parseUrl("http://example.org/a\r\nb")?.odd],
    ["/ab", 0],
  );
});

test("the host stands behind the last @ and before the first slash", () => {
  const parsed = parseUrl("http://www.bank.example@a@evil.example\\@bank.example/");
  assert.equal(parsed?.host, "evil.example");
  assert.equal(parsed?.user, "www.bank.example@a");
  assert.equal(parsed?.path, "/@bank.example/");
});

test("what leads to no host is null", () => {
  for (const none of [
    "",
    ":",
    "http",
    "http:",
    "http://",
    "http:///",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:u@example.org",
    "tel:123",
    "cid:x@y",
    "http://:80/",
    "http://a:b/",
    "http://a:65536/",
    "http://a b/",
    "http://256.256.256.256/",
    "ssh:example.org",
    "x".repeat(1000),
    "http://user@/",
  ]) {
    assert.equal(parseUrl(none), null, none);
  }
});
