import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Fault } from "../fault.ts";
import { silent } from "../log.ts";
import { type LmdbStore, openLmdbStore } from "../store/lmdb.ts";
import { holdLease } from "./lease.ts";

let folder: string;
let store: LmdbStore;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-lease-"));
  store = await openLmdbStore({ folder });
});
const held: { stop(): Promise<void> }[] = [];
after(async () => {
  // A test that failed must not keep the process.
  for (const one of held) await one.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** One who wants the lease, and whether it is at work. */
async function wants(key: string, ttl = 200) {
  const one = { atWork: false, begun: 0, stop: async () => {} };
  const begin = async () => {
    one.atWork = true;
    one.begun += 1;
    return {
      async stop() {
        one.atWork = false;
      },
    };
  };
  const holding = await holdLease({ store, key, log: silent, begin, ttl });
  one.stop = () => holding.stop();
  held.push(one);
  return one;
}

test("of two one is at work; the other when the first has stopped", async () => {
  const first = await wants("a");
  const second = await wants("a");
  assert.deepEqual([first.atWork, second.atWork], [true, false]);
  await first.stop();
  await until(() => second.atWork);
  assert.equal(first.atWork, false);
  await second.stop();
  assert.equal(await store.get("a"), undefined);
});

test("who loses the lease stops, and begins again when it is free", async () => {
  const one = await wants("b");
  await store.set("b", "somebody else", 400);
  await until(() => !one.atWork);
  await until(() => one.atWork);
  // On a busy machine it may lose a short lease once more by itself.
  assert.ok(one.begun >= 2);
  await one.stop();
});

test("a holder that died is followed when its lease has ended", async () => {
  await store.set("c", "a dead process", 100);
  const one = await wants("c");
  assert.equal(one.atWork, false);
  await until(() => one.atWork);
  await one.stop();
});

test("a holder that died while the clock was ahead, or before it was set back, is followed as soon as others", async (context) => {
  await store.set("e", "a dead process", 1e9);
  const one = await wants("e", 100);
  assert.equal(one.atWork, false);
  await until(() => one.atWork);
  await one.stop();
  const now = Date.now();
  context.mock.method(Date, "now", () => now + 1e9);
  await store.set("f", "a dead process", 1e9);
  const other = await wants("f", 100);
  await store.set("f", "a dead process", 1e9);
  context.mock.restoreAll();
  await until(() => other.atWork);
  await other.stop();
});

test("stopping ends the work, also when the store does not answer any more", async () => {
  let isAway = false;
  const get: LmdbStore["get"] = (key) =>
    isAway ? Promise.reject(new Fault("unavailable", "the store is away")) : store.get(key);
  let atWork = false;
  const begin = async () => {
    atWork = true;
    return {
      async stop() {
        atWork = false;
      },
    };
  };
  const holding = await holdLease({ store: { ...store, get }, key: "d", log: silent, begin, ttl: 10_000 });
  assert.equal(atWork, true);
  isAway = true;
  await holding.stop();
  assert.equal(atWork, false);
});
