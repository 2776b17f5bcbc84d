import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Fault } from "../fault.ts";
import { silent } from "../log.ts";
import { valueLimit } from "../store/limits.ts";
import { type LmdbStore, openLmdbStore } from "../store/lmdb.ts";
import type { Learner, LearnerPlace } from "./learner.ts";
import { modelLife } from "./ledger.ts";
import { finishReplacement, prepareReplacement } from "./replacement.ts";

let folder: string;
let store: LmdbStore;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-replacement-"));
  store = await openLmdbStore({ folder });
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const place = (): LearnerPlace => ({ store, log: silent, config: () => ({}) });

/** A learner whose model is a value in memory. */
function learnerOf(name: string) {
  const bytes: Uint8Array = new Uint8Array(0);
  const kept = { bytes, writes: 0, refuses: false, crashes: false };
  const learner: Learner = {
    reads: [],
    schema: 1,
    features: () => null,
    apply: async () => {},
    model: {
      read: async () => kept.bytes,
      check: () => {},
      async write(bytes) {
        if (kept.refuses) throw new Fault("bad-input", "does not fit");
        kept.writes += 1;
        kept.bytes = bytes;
        if (kept.crashes) throw new Fault("unavailable", "the power went");
      },
      async reset() {
        kept.writes += 1;
        kept.bytes = new Uint8Array(0);
      },
    },
  };
  return { name, kept, finish: () => finishReplacement(name, learner, place()) };
}

test("without a plan nothing is done", async () => {
  const { kept, finish } = learnerOf("none");
  await finish();
  assert.equal(kept.writes, 0);
  assert.equal(await modelLife(store, "none", ""), "0");
});

test("what is planned is done once, for each by itself, and what the ledger says holds no more", async () => {
  const [one, two, three] = [learnerOf("one"), learnerOf("two"), learnerOf("three")];
  const large = Buffer.from(Array.from({ length: 3 * valueLimit }, () => Math.floor(Math.random() * 256)));
  two.kept.bytes = new Uint8Array([1]);
  await prepareReplacement(store, [
    { name: "one", bytes: large },
    { name: "two", bytes: null },
  ]);
  for (const learner of [one, two, three, one, two]) await learner.finish();
  assert.deepEqual(new Uint8Array(one.kept.bytes), new Uint8Array(large));
  assert.deepEqual(two.kept.bytes, new Uint8Array(0));
  assert.deepEqual([one.kept.writes, two.kept.writes, three.kept.writes], [1, 1, 0]);
  assert.deepEqual([await modelLife(store, "one", ""), await modelLife(store, "three", "")], ["1", "0"]);
});

test("who takes over after a crash does what was left to do", async () => {
  const [first, second] = [learnerOf("first"), learnerOf("second")];
  const bytes = new Uint8Array([7, 8, 9]);
  await prepareReplacement(store, [
    { name: "first", bytes },
    { name: "second", bytes },
  ]);
  first.kept.crashes = true;
  await assert.rejects(first.finish(), { code: "unavailable" });
  first.kept.crashes = false;
  for (const learner of [first, second]) await learner.finish();
  for (const { kept } of [first, second]) assert.deepEqual(kept.bytes, bytes);
  assert.equal(first.kept.writes, 2);
  assert.equal(await modelLife(store, "first", ""), "1");
});

test("what was left to do for one stays so when there is a new plan for another", async () => {
  const [left, other] = [learnerOf("left"), learnerOf("other")];
  await prepareReplacement(store, [
    { name: "left", bytes: new Uint8Array([1]) },
    { name: "other", bytes: new Uint8Array([1]) },
  ]);
  await prepareReplacement(store, [{ name: "other", bytes: new Uint8Array([2]) }]);
  for (const learner of [left, other]) await learner.finish();
  assert.deepEqual([left.kept.bytes, other.kept.bytes], [new Uint8Array([1]), new Uint8Array([2])]);
});

test("a model that does not fit any more is given up: learning goes on", async () => {
  const { kept, finish } = learnerOf("changed");
  kept.refuses = true;
  await prepareReplacement(store, [{ name: "changed", bytes: new Uint8Array([1]) }]);
  await finish();
  kept.refuses = false;
  await finish();
  assert.equal(kept.writes, 0);
  assert.equal(await modelLife(store, "changed", ""), "0", "the model that is there knows the ledger's lessons");
});
