import assert from "node:assert/strict";
import { test } from "node:test";
import { clientOf } from "./client.ts";

const family = (letter: string) => letter.charCodeAt(0);
const info = (letter: string, address: string, hostname = "unknown") => ({
  hostname,
  family: family(letter),
  port: 25,
  address,
});

test("addresses in canonical form", () => {
  assert.equal(clientOf(info("4", "192.0.2.1")).ip, "192.0.2.1");
  assert.equal(clientOf(info("6", "IPv6:2001:0DB8:0:0:0:0:0:1")).ip, "2001:db8::1");
  assert.equal(clientOf(info("6", "::ffff:192.0.2.1")).ip, "192.0.2.1");
});

test("no address: local clients and nonsense", () => {
  for (const client of [info("L", "/run/mta"), info("U", ""), info("4", "999.1.1.1"), info("6", "zz::")])
    assert.deepEqual(clientOf(client), {});
});

test("a name in brackets or unknown says that there is none", () => {
  assert.equal(clientOf(info("4", "192.0.2.1", "mx.example.org")).hostname, "mx.example.org");
  for (const name of ["unknown", "UNKNOWN", "[192.0.2.1]"])
    assert.deepEqual(clientOf(info("4", "192.0.2.1", name)), { ip: "192.0.2.1", hostname: "" });
  assert.deepEqual(clientOf(info("4", "192.0.2.1", "")), { ip: "192.0.2.1" });
});
