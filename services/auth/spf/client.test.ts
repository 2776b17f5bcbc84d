import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";
import { test } from "node:test";
import { readAddress } from "../../../shared/network.ts";
import { dotted, isNear, readClient, readIp4, readIp6, reverseName, sharesPrefix } from "./client.ts";

test("addresses are read as Node reads them, but for zones", () => {
  const texts = [
    "::", "::1", "1::", "1::8", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", ":1::2", "1::2:", "1:::2", "1::2::3", "12345::", "g::", "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1",
    "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2.1:1", "::192.0.2.256", "192.0.2.1", "192.0.2.1::", "::1.2.3", "", ":", "ABCD::EF", "::%1",
    "0.0.0.0", "255.255.255.255", "1.2.3.4.5", "1.2.3", "1..2.3", ".1.2.3", "1.2.3.", "01.2.3.4", "1.2.3.4 ", "256.1.1.1",
  ]; // biome-ignore format: a list
  for (const text of texts) {
    assert.equal(!Number.isNaN(readIp4(text)), isIPv4(text), text);
    assert.deepEqual(readIp6(text), isIPv6(text) && !text.includes("%") ? readAddress(text) : null, text);
  }
});

test("prefixes of every length", () => {
  const one = readIp4("192.0.2.1");
  for (const [other, shared] of [
    ["192.0.2.1", 32],
    ["192.0.2.0", 31],
    ["192.0.3.1", 23],
    ["64.0.2.1", 0],
  ] as const) {
    for (let bits = 0; bits <= 32; bits++)
      assert.equal(sharesPrefix(one, readIp4(other), bits), bits <= shared, `${other}/${bits}`);
  }
});

test("clients in any spelling", () => {
  assert.equal(readClient("unknown"), null);
  const mapped = readClient("::FFFF:c000:201");
  assert.ok(mapped !== null);
  assert.deepEqual(
    [mapped.text, mapped.version, dotted(mapped), reverseName(mapped)],
    ["192.0.2.1", 4, "192.0.2.1", "1.2.0.192.in-addr.arpa"],
  );
  assert.ok(isNear(mapped, "192.0.2.200", 24, 128) && !isNear(mapped, "192.0.2.200", 32, 128));
  const six = readClient("[IPv6:2001:DB8::CB01]");
  assert.ok(six !== null);
  // RFC 7208, 7.4
  assert.equal(dotted(six), "2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1");
  assert.equal(reverseName(six), "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
  assert.ok(
    isNear(six, "2001:db8::1", 32, 112) &&
      isNear(six, "2001:db8::cb01", 32, 128) &&
      !isNear(six, "2001:db8::1", 32, 128),
  );
});
