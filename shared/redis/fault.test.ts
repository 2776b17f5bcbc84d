import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import { reasonOf, toRedisFault } from "./fault.ts";

/** As ioredis throws what a server answered. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

for (const [thrown, code] of [
  [reply("OOM command not allowed when used memory > 'maxmemory'."), "unavailable"],
  [reply("CLUSTERDOWN The cluster is down"), "unavailable"],
  [reply("WRONGTYPE Operation against a key holding the wrong kind of value"), "failed"],
  [reply("it does not hold a counter"), "failed"],
  [new Error("read ECONNRESET"), "unavailable"],
] as const) {
  test(`${code}: ${thrown.message}`, () => {
    const fault = toRedisFault(thrown, "Redis");
    assert.deepEqual([fault.code, fault.cause], [code, thrown]);
  });
}

test("what is a fault already stays as it is", () => {
  const fault = new Fault("late", "too late");
  assert.equal(toRedisFault(fault, "Redis"), fault);
});

for (const [said, reason] of [
  [
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest"',
    "the connection was lost",
  ],
  ["Stream isn't writeable and enableOfflineQueue options is false", "the connection was lost"],
  ["All sentinels are unreachable. Retrying from scratch after 105.46152814543146ms.", "no sentinel answers"],
  [
    "All sentinels are unreachable. Retrying from scratch after 95.2ms. Last error: Connection is closed.",
    "no sentinel answers",
  ],
  [
    "All sentinels are unreachable. Retrying from scratch after 95.2ms. Last error: ERR No such master with that name",
    "no sentinel names a server: ERR No such master with that name",
  ],
  ["connect ECONNREFUSED 127.0.0.1:6379", "connect ECONNREFUSED 127.0.0.1:6379"],
] as const) {
  test(`in words for an operator: ${said.slice(0, 100)}`, () => assert.equal(reasonOf(new Error(said)), reason));
}
