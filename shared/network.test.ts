import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback, networksOf, readAddress } from "./network.ts";

function has(entries: readonly string[], address: string): boolean {
  const networks = networksOf(entries);
  assert.ok(!(networks instanceof Error), String(networks));
  return networks.has(address);
}

test("addresses and networks of both families", () => {
  const entries = ["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"];
  for (const inside of [
    "127.0.0.1",
    "::ffff:10.1.2.3",
    "10.255.0.1",
    "2001:DB8::1",
    " 10.0.0.1 ",
    "[IPv6:2001:db8::2]",
  ]) {
    assert.ok(has(entries, inside), inside);
  }
  for (const outside of ["127.0.0.2", "11.0.0.1", "2001:db9::1", "::1", "", "unknown", "10.0.0.1.example.org"]) {
    assert.ok(!has(entries, outside), outside);
  }
});

test("prefixes that end within a group, and the whole of a family", () => {
  assert.ok(has(["192.0.2.128/25"], "192.0.2.200") && !has(["192.0.2.128/25"], "192.0.2.127"));
  assert.ok(has(["2001:db8:8000::/33"], "2001:db8:ffff::1") && !has(["2001:db8:8000::/33"], "2001:db8:7fff::1"));
  assert.ok(has(["0.0.0.0/0"], "203.0.113.9") && !has(["0.0.0.0/0"], "2001:db8::1"));
  assert.ok(has(["::/0"], "2001:db8::1") && has(["::ffff:10.0.0.0/104"], "10.9.9.9"));
  assert.ok(!has([], "192.0.2.1"));
});

test("a network that cannot be read is an error, never all addresses", () => {
  for (const text of ["10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/1e1", "x", "", "/8", "::/129", "10.0.0/8"]) {
    assert.ok(networksOf(["192.0.2.1", text]) instanceof Error, text);
  }
});

test("an address is eight groups, IPv4 mapped", () => {
  assert.deepEqual(readAddress("192.0.2.1"), [0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201]);
  assert.deepEqual(readAddress("2001:db8::1"), [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(readAddress("::"), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.equal(readAddress("192.0.2.256"), null);
});

test("loopback, also as a socket of both families shows it", () => {
  for (const own of ["127.0.0.1", "::ffff:127.0.0.9", "::1"]) assert.ok(isLoopback(own), own);
  for (const other of ["192.0.2.1", "::2", "", "localhost"]) assert.ok(!isLoopback(other), other);
});
