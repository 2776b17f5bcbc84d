// Two sites on one Redis, told apart by the number of the database or by the prefix: neither sees anything of the other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Jobs } from "../../shared/queue/queue.ts";
import { openLiveTable } from "../../shared/store/live-table.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, pause, until } from "./clients.ts";

let server: RedisServer;
before(async () => {
  server = await startRedis();
});
after(async () => {
  await closeAll();
  await server?.close();
});

for (const [apart, mine, theirs] of [
  ["database", "db = 0;", "db = 3;"],
  ["prefix", 'prefix = "mine";', 'prefix = "theirs";'],
] as const) {
  test(`apart by ${apart}: keys, tables, what is told of tables, and jobs`, async () => {
    const lines = `servers = "${server.address}"; timeout = 20s;`;
    const [one, other] = [await openStore(lines + mine), await openStore(lines + theirs)];
    await one.set("key", "v", 600_000);
    await one.putBlob("key", Uint8Array.of(1), 600_000);
    assert.deepEqual([await other.get("key"), await other.getBlob("key")], [undefined, undefined]);

    const shape = { cells: 10, bits: 8 } as const;
    const [table, otherTable] = [await one.table("table", shape), await other.table("table", shape)];
    const [live, otherLive] = [await openLiveTable(table, () => {}), await openLiveTable(otherTable, () => {})];
    assert.equal(await table.add(Uint32Array.of(1), Int32Array.of(7), "lesson"), true);
    await until(() => live.counters[1] === 7);
    assert.equal(await otherTable.add(Uint32Array.of(2), Int32Array.of(5), "lesson"), true);
    await until(() => otherLive.counters[2] === 5);
    assert.deepEqual([...live.counters], [0, 7, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual([...otherLive.counters], [0, 0, 5, 0, 0, 0, 0, 0, 0, 0]);

    const [queue, otherQueue] = [await openQueue(lines + mine), await openQueue(lines + theirs)];
    const learn: Jobs<string> = { name: "learn" };
    const done: string[] = [];
    await otherQueue.work(learn, { slots: 1 }, async (payload) => done.push(`other ${payload}`));
    assert.equal(await queue.add(learn, "mine", { key: "k" }), true);
    await pause(200);
    assert.equal(done.length, 0);
    await queue.work(learn, { slots: 1 }, async (payload) => done.push(`one ${payload}`));
    assert.equal(await otherQueue.add(learn, "theirs", { key: "k" }), true);
    await until(() => done.length === 2);
    assert.deepEqual(done.sort(), ["one mine", "other theirs"]);
    live.close();
    otherLive.close();
    for (const client of [queue, otherQueue, one, other]) await client.close();
  });
}
