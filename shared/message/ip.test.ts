import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalIp } from "./ip.ts";

const cases: readonly (readonly [text: string, ip: string])[] = [
  ["192.0.2.1", "192.0.2.1"],
  ["[192.0.2.1]", "192.0.2.1"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:0:0:2:0:0:0:0", "1:0:0:2::"],
  ["::", "::"],
  ["IPv6:::1", "::1"],
  ["[IPv6:fe80::1%eth0]", "fe80::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::ffff:c000:201", "192.0.2.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["192.0.2.256", ""],
  ["192.0.2", ""],
  ["1::2::3", ""],
  ["example.org", ""],
  ["", ""],
];

test("canonical addresses", () => {
  for (const [text, ip] of cases) assert.equal(canonicalIp(text), ip, text);
});
