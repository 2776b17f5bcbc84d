import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { silent } from "../log.ts";
import { type LmdbStore, openLmdbStore } from "../store/lmdb.ts";
import { studyLease } from "./lease.ts";
import { restFromLearning } from "./rest.ts";

let folder: string;
let store: LmdbStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-rest-"));
  store = await openLmdbStore({ folder });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test("two that work on models at once do so one after the other", async () => {
  const steps: string[] = [];
  const work = (name: string, actors: readonly string[]) =>
    restFromLearning({ store, log: silent, actors }, async () => {
      steps.push(`${name} begins`);
      await pause(150);
      steps.push(`${name} ends`);
    });
  await Promise.all([work("a", ["x", "y"]), work("b", ["y", "x"])]);
  const [first = "", ...rest] = steps;
  const [one, other] = first.startsWith("a") ? ["a", "b"] : ["b", "a"];
  assert.deepEqual([first, ...rest], [`${one} begins`, `${one} ends`, `${other} begins`, `${other} ends`]);
  assert.equal(await store.get(studyLease("x")), undefined, "whoever learns can go on");
});

test("a failure of the work is told, and ends the rest", async () => {
  const failing = restFromLearning({ store, log: silent, actors: ["x"] }, () => Promise.reject(new Error("no room")));
  await assert.rejects(failing, /no room/);
  assert.equal(await store.get(studyLease("x")), undefined);
});
