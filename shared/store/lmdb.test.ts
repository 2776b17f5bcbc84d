import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { storeConformance } from "./conformance.ts";
import { onceTtl } from "./limits.ts";
import { openLiveTable } from "./live-table.ts";
import { openLmdbStore } from "./lmdb.ts";

const newFolder = () => mkdtemp(join(tmpdir(), "sluice-store-"));

storeConformance("LMDB", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  const now = () => clock;
  return {
    store: () => openLmdbStore({ folder, now }),
    async pass(ms) {
      clock += ms;
    },
    now,
    close: () => rm(folder, { recursive: true }),
  };
});

test("what is stored and when it expires outlive the store", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  const open = () => openLmdbStore({ folder, now: () => clock });
  const store = await open();
  await store.set("short", "v", 1000);
  await store.set("long", "v", 100_000);
  await store.putBlob("short", Uint8Array.of(1), 1000);
  await store.putBlob("long", Uint8Array.of(2), 100_000);
  await store.push("list", "item", 5, 100_000);
  await (await store.table("table", { cells: 3, bits: 8 })).add(Uint32Array.of(1), Int32Array.of(4));
  await store.close();
  clock += 2000;
  const again = await open();
  assert.deepEqual([await again.get("short"), await again.get("long")], [undefined, "v"]);
  assert.deepEqual([await again.getBlob("short"), await again.getBlob("long")], [undefined, Uint8Array.of(2)]);
  assert.deepEqual(await again.range("list", 0, 5), ["item"]);
  assert.deepEqual(await (await again.table("table", { cells: 3, bits: 8 })).read(), Uint8Array.of(0, 4, 0));
  await again.close();
  await rm(folder, { recursive: true });
});

test("the sweeper deletes what has expired, step by step, and nothing else", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  const store = await openLmdbStore({ folder, now: () => clock, sweepInterval: 3_600_000 });
  for (let i = 0; i < 50; i++) {
    await store.set(`short ${i}`, "v", 1000);
    await store.set(`long ${i}`, "v", 100_000);
    await store.push(`list ${i % 2}`, "item", 100, i % 2 === 0 ? 1000 : 100_000);
  }
  await store.putBlob("short", Uint8Array.of(1), 1000);
  await store.putBlob("long", Uint8Array.of(1), 100_000);
  clock += 2000;
  for (let step = 0; step < 40; step++) await store.sweep(10);
  // Back then everything that was not deleted is there again.
  clock -= 2000;
  for (let i = 0; i < 50; i++) {
    assert.equal(await store.get(`short ${i}`), undefined);
    assert.equal(await store.get(`long ${i}`), "v");
  }
  assert.deepEqual([await store.length("list 0"), await store.length("list 1")], [0, 25]);
  assert.equal((await store.range("list 1", 0, 100)).length, 25);
  assert.equal((await readdir(join(folder, "blobs"))).length, 1);
  await store.close();
  await rm(folder, { recursive: true });
});

test("a key that counted once is forgotten when its time is up, and then swept", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  const store = await openLmdbStore({ folder, now: () => clock, sweepInterval: 3_600_000 });
  const table = await store.table("table", { cells: 3, bits: 8 });
  const learn = (key: string) => table.add(Uint32Array.of(1), Int32Array.of(1), key);
  for (const key of ["old", "older"]) assert.equal(await learn(key), true);
  clock += onceTtl - 1000;
  assert.deepEqual([await learn("old"), await learn("new")], [false, true]);
  clock += 2000;
  assert.deepEqual([await learn("old"), await learn("new")], [true, false]);
  await store.sweep();
  // Back then only what was swept is not known.
  clock -= 2000;
  assert.deepEqual([await learn("old"), await learn("older"), await learn("new")], [false, true, false]);
  await store.close();
  await rm(folder, { recursive: true });
});

test("a process that is killed loses nothing that it was told is stored, and blocks nobody", async () => {
  const folder = await newFolder();
  const store = await openLmdbStore({ folder });
  const table = await store.table("rounds", { cells: 3, bits: 16 });
  const live = await openLiveTable(table, (thrown) => assert.fail(String(thrown)));
  const children: ChildProcess[] = [];
  try {
    for (let round = 0; round < 3; round++) {
      const child = fork(new URL("lmdb-victim.ts", import.meta.url), [folder, String(round)]);
      children.push(child);
      let told = 0;
      const enough = new Promise<void>((resolve) => {
        child.on("message", (count) => {
          told = Number(count);
          if (told >= 50) resolve();
        });
      });
      await enough;
      // It still runs, and what it does is seen here.
      const seen = told;
      while ((live.counters[round] ?? 0) < seen) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.ok(Number(await store.get(`counter ${round}`)) >= seen);
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      const count = Number(await store.get(`counter ${round}`));
      assert.ok(count >= told, `told of ${told}, found ${count}`);
      assert.equal(await store.length(`list ${round}`), Math.min(count, 1000));
      await store.set("still", `alive ${round}`, 1000);
    }
  } finally {
    for (const child of children) child.kill("SIGKILL");
    live.close();
    await store.close();
    await rm(folder, { recursive: true });
  }
});

test("a folder that cannot be used is `unavailable`", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  await assert.rejects(openLmdbStore({ folder: join(folder, "file") }), { code: "unavailable" });
  await rm(folder, { recursive: true });
});
