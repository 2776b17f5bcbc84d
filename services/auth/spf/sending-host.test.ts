import assert from "node:assert/strict";
import { test } from "node:test";
import { emptySource } from "../../../shared/map/source.ts";
import type { Hop } from "../../../shared/task.ts";
import { isOwnMail, sendingHost } from "./sending-host.ts";

const relays = { entries: [["198.51.100.0/24", ""]], files: [] } as const;
const plain: Hop = {
  from: "",
  rdns: "",
  ip: "",
  by: "",
  with: "",
  id: "",
  for: "",
  time: null,
  tls: false,
  authenticated: false,
};
const hop = (ip: string, from: string, authenticated = false): Hop => ({ ...plain, ip, from, authenticated });
const outside = hop("192.0.2.7", "out.example");
const forged = hop("203.0.113.1", "forged.example");
const envelope = { ip: "198.51.100.1", helo: "relay.example", rcpts: [] };

for (const [why, hops, ip] of [
  ["one relay", [outside, forged], "192.0.2.7"],
  ["two relays", [hop("198.51.100.2", "inner.example"), outside, forged], "192.0.2.7"],
  [
    "a relay whose connection was noted by our server",
    [hop("198.51.100.1", "relay.example"), outside, forged],
    "192.0.2.7",
  ],
  ["a relay that did not note whom it had it from", [hop("", "out.example"), forged], undefined],
  ["a relay that wrote it itself", [], undefined],
] as const) {
  test(why, () => {
    const host = sendingHost(envelope, hops, relays);
    assert.equal(host?.ip, ip);
    assert.equal(host?.helo, ip === undefined ? undefined : "out.example");
  });
}

test("a stranger's headers are not read", () => {
  assert.equal(sendingHost({ ...envelope, ip: "192.0.2.200" }, [outside], relays)?.ip, "192.0.2.200");
  assert.equal(sendingHost(envelope, [outside], emptySource)?.ip, "198.51.100.1");
  assert.equal(sendingHost({ rcpts: [] }, [outside], relays), undefined);
});

test("our own: by address, by login, also of a login at the relay", () => {
  const strict = { check_local: false, check_authed: false };
  const local = ["10.0.0.0/8", "fd00::/8"];
  const host = { ip: "192.0.2.7", helo: "", authenticated: false };
  assert.equal(isOwnMail(host, strict, local), false);
  assert.equal(isOwnMail({ ...host, ip: "10.1.2.3" }, strict, local), true);
  assert.equal(isOwnMail({ ...host, ip: "fd00::1" }, strict, local), true);
  assert.equal(isOwnMail({ ...host, ip: "10.1.2.3" }, { ...strict, check_local: true }, local), false);
  const submitted = sendingHost(envelope, [hop("203.0.113.9", "laptop", true)], relays);
  assert.ok(submitted !== undefined && isOwnMail(submitted, strict, local));
  assert.equal(isOwnMail(submitted, { ...strict, check_authed: true }, local), false);
});
