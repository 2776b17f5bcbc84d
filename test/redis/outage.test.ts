// Redis dies, is silent, or was never there: what is asked fails at once, nothing hangs, and nothing that was accepted is
// lost. When it is there again everything goes on by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Fault } from "../../shared/fault.ts";
import { openLiveTable } from "../../shared/store/live-table.ts";
import { haltServer } from "../servers/process.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, until } from "./clients.ts";

let server: RedisServer;
let lines: string;
before(async () => {
  server = await startRedis();
  lines = `servers = "${server.address}"; timeout = 300ms;`;
});
after(async () => {
  await closeAll();
  await server?.close();
});

const long = 600_000;

/** What became of what was asked; `failed` are the codes of faults. */
async function outcomes(asked: readonly Promise<unknown>[]): Promise<{ done: number; failed: Set<string> }> {
  const settled = await Promise.allSettled(asked);
  const failed = new Set<string>();
  for (const result of settled) {
    if (result.status === "fulfilled") continue;
    assert.ok(result.reason instanceof Fault, `no fault: ${result.reason}`);
    failed.add(result.reason.code);
  }
  return { done: settled.filter(({ status }) => status === "fulfilled").length, failed };
}

test("a killed Redis: each operation is done or unavailable, and what was done is there afterwards", async () => {
  const store = await openStore(lines);
  const table = await store.table("killed", { cells: 100, bits: 16 });
  const asked: Promise<unknown>[] = [];
  const adds: Promise<unknown>[] = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      asked.push(store.increment("killed", 1, long));
      adds.push(table.add(Uint32Array.of(7), Int32Array.of(1)));
      // Looked at in the end.
      for (const list of [asked, adds]) list.at(-1)?.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  await until(() => asked.length > 50);
  await server.kill();
  await assert.rejects(store.get("killed"), { code: "unavailable" });
  const before = asked.length;
  await until(() => asked.length > before + 50);
  await server.start();
  await until(async () => (await store.get("killed")) !== undefined);
  over = true;
  await asking;
  for (const [kind, sum] of [
    [asked, Number(await store.get("killed"))],
    [adds, (await table.read())[7] ?? 0],
  ] as const) {
    const { done, failed } = await outcomes(kind);
    assert.deepEqual(failed, new Set(["unavailable"]));
    // What failed may have been done: nobody heard of it.
    assert.ok(sum >= done && sum <= kind.length, `${done} done, ${sum} counted, ${kind.length} asked`);
  }
  await store.close();
});

test("a silent Redis: an operation fails after its time, the next at once, and then it works again", async () => {
  const store = await openStore(lines);
  const queue = await openQueue(lines);
  await store.set("silent", "v", long);
  await haltServer(server.pid());
  try {
    const asked = [
      store.get("silent"),
      store.putBlob("silent", new Uint8Array(10), long),
      queue.add({ name: "silent" }, 1),
    ];
    const { done, failed } = await outcomes(asked);
    assert.deepEqual([done, failed], [0, new Set(["unavailable"])]);
    await assert.rejects(store.get("silent"), { code: "unavailable", message: /is not connected/ });
    await assert.rejects(queue.add({ name: "silent" }, 1), { code: "unavailable", message: /is not connected/ });
  } finally {
    process.kill(server.pid(), "SIGCONT");
  }
  await until(async () => (await store.get("silent")) === "v");
  await until(async () => (await store.getBlob("silent")) === undefined || true);
  await until(() => queue.add({ name: "silent" }, 2));
  await queue.close();
  await store.close();
});

test("a live table is current again after an outage", async () => {
  const [mine, theirs] = [await openStore(lines), await openStore(lines)];
  const shape = { cells: 1000, bits: 8 } as const;
  const live = await openLiveTable(await mine.table("live", shape), () => {});
  const table = await theirs.table("live", shape);
  await table.add(Uint32Array.of(1), Int32Array.of(1));
  await until(() => live.counters[1] === 1);
  await server.kill();
  await server.start();
  // Told while nobody hears, or not: it is there in the end.
  await until(() => table.add(Uint32Array.of(2), Int32Array.of(1), "after the outage"));
  await until(() => live.counters[2] === 1);
  await until(() => table.add(Uint32Array.of(3), Int32Array.of(1)));
  await until(() => (live.counters[3] ?? 0) >= 1);
  assert.deepEqual(live.counters, await table.read());
  live.close();
  await mine.close();
  await theirs.close();
});

test("a table is read again when its server was emptied", async () => {
  const store = await openStore(lines);
  const table = await store.table("emptied", { cells: 10, bits: 8 });
  await table.add(Uint32Array.of(1), Int32Array.of(5));
  await server.cli("FLUSHALL");
  assert.deepEqual(await table.read(), new Uint8Array(10));
  assert.equal(await table.add(Uint32Array.of(1), Int32Array.of(2)), true);
  assert.equal((await table.read())[1], 2);
  await store.close();
});

test("a live table forgets what its server forgot, also when as much was taught again at once", async () => {
  const store = await openStore(lines);
  const table = await store.table("forgotten", { cells: 10, bits: 8 });
  const live = await openLiveTable(table, () => {});
  for (const cell of [0, 1, 2]) await table.add(Uint32Array.of(cell), Int32Array.of(1), `lesson ${cell}`);
  await until(() => live.counters[2] === 1);
  await server.cli("FLUSHALL");
  for (const cell of [5, 6, 7]) await table.add(Uint32Array.of(cell), Int32Array.of(1), `lesson ${cell}`);
  await until(() => live.counters[0] === 0 && live.counters[7] === 1);
  assert.deepEqual(live.counters, await table.read());
  live.close();
  await store.close();
});

test("jobs: unavailable without Redis, all done when it is back, and one at work is not lost", async () => {
  const queue = await openQueue(lines, 1_000);
  const learn = { name: "outage" };
  const accepted: number[] = [];
  const done = new Set<number>();
  const gate = Promise.withResolvers<void>();
  let begun = 0;
  const working = await queue.work<number>(learn, { slots: 2, backoff: 10 }, async (n) => {
    begun++;
    if (n < 2) await gate.promise;
    done.add(n);
  });
  for (let n = 0; n < 10; n++) if (await queue.add(learn, n)) accepted.push(n);
  await until(() => begun >= 2);
  await server.kill();
  gate.resolve();
  await assert.rejects(queue.add(learn, 10), { code: "unavailable" });
  await assert.rejects(queue.count(learn), { code: "unavailable" });
  await server.start();
  await until(() => queue.add(learn, 11));
  await until(() => [...accepted, 11].every((n) => done.has(n)));
  await until(async () => {
    const { waiting, delayed, atWork, dead } = await queue.count(learn);
    return waiting + delayed + atWork + dead === 0;
  });
  await working.stop();
  await queue.close();
});

test("what is opened before its Redis goes to work when that comes", async () => {
  await server.kill();
  const store = await openStore(lines);
  const queue = await openQueue(lines);
  await assert.rejects(store.get("early"), { code: "unavailable" });
  await assert.rejects(store.table("early", { cells: 1, bits: 8 }), { code: "unavailable" });
  await assert.rejects(queue.add({ name: "early" }, 1), { code: "unavailable" });
  const done: unknown[] = [];
  await queue.work({ name: "early" }, { slots: 1 }, async (payload) => done.push(payload));
  await server.start();
  await until(async () => (await store.increment("early", 1, long)) > 0);
  await until(() => queue.add({ name: "early" }, "job"));
  await until(() => done.length === 1);
  await queue.close();
  await store.close();
});

test("closing does not wait for a Redis that is gone", async () => {
  const store = await openStore(lines);
  const queue = await openQueue(lines);
  const table = await store.table("closing", { cells: 10, bits: 8 });
  await table.follow(() => {});
  let begun = false;
  const gate = Promise.withResolvers<void>();
  const working = await queue.work({ name: "closing" }, { slots: 1 }, () => {
    begun = true;
    return gate.promise;
  });
  await queue.work({ name: "idle" }, { slots: 1 }, async () => {});
  await queue.add({ name: "closing" }, null);
  await until(() => begun);
  await server.kill();
  const stopping = working.stop();
  gate.resolve();
  await stopping;
  await queue.close();
  await store.close();
  // One that never met its Redis, too.
  const late = await openQueue(lines);
  await late.work({ name: "late" }, { slots: 1 }, async () => {});
  await late.close();
  await server.start();
});
