import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silent } from "../../../shared/log.ts";
import { openLmdbStore } from "../../../shared/store/lmdb.ts";
import { addLesson, countLessons, countNew, dropLesson, learnedNew, newLessons, readLessons } from "./memory.ts";
import { rememberMail } from "./seen.ts";

test("a memory of hundreds is read newest first, and mail has its turn meanwhile", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-memory-"));
  const store = await openLmdbStore({ folder });
  const names = Array.from({ length: 900 }, (_, i) => Buffer.from(i.toString(16).padStart(32, "0"), "hex"));
  for (const [i, name] of names.entries()) {
    rememberMail({ store, log: silent }, name.toString("hex"), Uint8Array.of(i % 256), 60_000);
  }
  await Promise.all(names.map((name, i) => addLesson(store, name, i < 600 ? "spam" : "ham", 60_000)));
  assert.deepEqual(await countLessons(store, 500), [500, 300]);
  let turns = 0;
  const other = setInterval(() => turns++, 0);
  const lessons = await readLessons(store, 500);
  clearInterval(other);
  assert.ok(turns > 0, "nothing else had its turn");
  assert.equal(lessons.length, 800);
  const newest = lessons.slice(0, 2).map(({ spam, vector }) => [spam, vector[0]]);
  assert.deepEqual(newest, [
    [true, 599 % 256],
    [false, 899 % 256],
  ]);
  await dropLesson(store, names[599] ?? assert.fail());
  assert.equal((await readLessons(store, 500)).length, 799);
  assert.deepEqual(await countLessons(store, 500), [500, 300], "it is counted as long as its name is there");
  await store.close();
  await rm(folder, { recursive: true });
});

test("what is new to a network is counted until it has learned from it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-memory-"));
  const store = await openLmdbStore({ folder });
  assert.equal(await newLessons(store, "short"), 0);
  for (let i = 0; i < 3; i++) await countNew(store, "short");
  await learnedNew(store, "short", 2);
  assert.equal(await newLessons(store, "short"), 1);
  await store.close();
  await rm(folder, { recursive: true });
});
