import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalAddress, isLoopback, networksOf } from "./networks.ts";

test("addresses and networks of both families", () => {
  const networks = networksOf(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);
  assert.ok(!(networks instanceof Error));
  for (const inside of ["127.0.0.1", "::ffff:10.1.2.3", "10.255.0.1", "2001:DB8::1", " 10.0.0.1 "]) {
    assert.ok(networks.has(inside), inside);
  }
  for (const outside of ["127.0.0.2", "11.0.0.1", "2001:db9::1", "::1", "", "unknown", "10.0.0.1.example.org"]) {
    assert.ok(!networks.has(outside), outside);
  }
});

test("a network that cannot be read is an error, never all addresses", () => {
  for (const text of ["10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/1e1", "x", "", "::/129"]) {
    assert.ok(networksOf([text]) instanceof Error, text);
  }
});

test("an address in its forms", () => {
  assert.equal(canonicalAddress("[192.0.2.1]"), "192.0.2.1");
  assert.equal(canonicalAddress("IPv6:2001:DB8::1"), "2001:db8::1");
  assert.equal(canonicalAddress("fe80::1%eth0"), "fe80::1");
  assert.equal(canonicalAddress("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(canonicalAddress("192.0.2.256"), null);
  assert.ok(isLoopback("::ffff:127.0.0.9") && isLoopback("::1") && !isLoopback("192.0.2.1") && !isLoopback(""));
});
