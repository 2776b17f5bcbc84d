// A Redis Cluster of three: every operation of the store and of the queue touches one key or one hash tag.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { queueConformance } from "../../shared/queue/conformance.ts";
import { storeConformance } from "../../shared/store/conformance.ts";
import { freePort } from "../servers/free-port.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, pause, until } from "./clients.ts";

let nodes: RedisServer[] = [];
let lines: string;
/** Time enough for a machine that does many things at once. */
const patient = "timeout = 20s;";
before(async () => {
  const start = async () => {
    // Its own port for the others: by default that is the port plus 10,000, which there may not be.
    const config = ["cluster-enabled yes", "cluster-node-timeout 1000", `cluster-port ${await freePort()}`];
    return startRedis({ config });
  };
  nodes = [await start(), await start(), await start()];
  const addresses = nodes.map(({ address }) => address);
  await promisify(execFile)("redis-cli", ["--cluster", "create", ...addresses, "--cluster-yes"]);
  for (const node of nodes) await until(async () => (await node.cli("cluster", "info")).includes("cluster_state:ok"));
  // One is enough to find the others.
  lines = `servers = "${addresses[0]}"; cluster = yes;`;
});
after(async () => {
  await closeAll();
  for (const node of nodes) await node.close();
});

storeConformance("Redis Cluster", async () => ({
  store: () => openStore(`${lines} ${patient}`),
  async pass(ms) {
    for (const node of nodes) await node.pass(ms);
  },
  now: Date.now,
  close: async () => {},
}));

queueConformance(
  "BullMQ on Redis Cluster",
  async () => ({
    queue: () => openQueue(`${lines} ${patient}`),
    pass: pause,
    now: Date.now,
    moment: 1_000,
    close: async () => {},
  }),
  true,
);

test("keys lie on all nodes; one that dies costs its own keys only, until it is back", async () => {
  const store = await openStore(`${lines} timeout = 300ms;`);
  const keys = Array.from({ length: 60 }, (_, i) => `key ${i}`);
  await Promise.all(keys.map((key) => store.set(key, key, 600_000)));
  for (const node of nodes) assert.notEqual(await node.cli("dbsize"), "0");
  const victim = nodes[1];
  assert.ok(victim);
  await victim.kill();
  const answers = await Promise.allSettled(keys.map((key) => store.get(key)));
  const failed = answers.filter(({ status }) => status === "rejected");
  assert.ok(failed.length > 0 && failed.length < keys.length, `${failed.length} of ${keys.length} failed`);
  for (const answer of failed) assert.equal(answer.status === "rejected" && answer.reason.code, "unavailable");
  await victim.start();
  await until(async () =>
    (await Promise.all(keys.map((key) => store.get(key)))).every((value, i) => value === keys[i]),
  );
  await store.close();
});
