// Sentinels name the master: when it dies, its replica takes over, and what was there before is there afterwards.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openLiveTable } from "../../shared/store/live-table.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, until } from "./clients.ts";

let master: RedisServer;
let replica: RedisServer;
let sentinel: RedisServer;
before(async () => {
  master = await startRedis({ config: ["repl-diskless-sync-delay 0"] });
  replica = await startRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
  const config = [
    `sentinel monitor site 127.0.0.1 ${master.port} 1`,
    "sentinel down-after-milliseconds site 300",
    "sentinel failover-timeout site 2000",
  ];
  sentinel = await startRedis({ sentinel: true, config });
  await until(async () => (await replica.cli("info", "replication")).includes("master_link_status:up"));
  // A sentinel learns from the master, which it asks every ten seconds, who its replicas are.
  await until(async () => (await sentinel.cli("sentinel", "replicas", "site")).includes(String(replica.port)));
});
after(async () => {
  await closeAll();
  for (const server of [sentinel, replica, master]) await server?.close();
});

test("state, tables and jobs survive the death of the master", async () => {
  const lines = `sentinels = "${sentinel.address}"; sentinel_master = "site"; timeout = 1s;`;
  const [store, queue] = [await openStore(lines), await openQueue(lines, 2_000)];
  await store.set("before", "v", 600_000);
  await store.push("list", "one", 10, 600_000);
  const table = await store.table("table", { cells: 1000, bits: 8 });
  const live = await openLiveTable(table, () => {});
  await table.add(Uint32Array.of(1), Int32Array.of(1), "lesson 1");
  const done: number[] = [];
  const learn = { name: "learn" };
  assert.equal(await queue.add(learn, 1), true);
  // Looked at on the replica, once it has it.
  await until(async () => (await store.length("list")) === 1);
  // A replica that takes over has what had reached it.
  const offset = async (server: RedisServer) =>
    /^master_repl_offset:(\d+)/m.exec(await server.cli("info", "replication"))?.[1];
  await until(async () => (await offset(master)) === (await offset(replica)));

  await master.kill();
  await assert.rejects(store.set("during", "v", 600_000), { code: "unavailable" });
  await until(async () => {
    await store.set("after", "v", 600_000);
    return true;
  });
  assert.deepEqual([await store.get("before"), await store.get("after")], ["v", "v"]);
  assert.deepEqual(await store.range("list", 0, 10), ["one"]);
  assert.equal(await table.add(Uint32Array.of(1), Int32Array.of(1), "lesson 1"), false);
  assert.equal(await table.add(Uint32Array.of(2), Int32Array.of(2), "lesson 2"), true);
  await until(() => live.counters[1] === 1 && live.counters[2] === 2);
  const working = await queue.work<number>(learn, { slots: 1 }, async (n) => done.push(n));
  await until(() => queue.add(learn, 2));
  await until(() => done.includes(1) && done.includes(2));
  await working.stop();
  live.close();
  await queue.close();
  await store.close();
});
