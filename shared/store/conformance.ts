// What every driver of the store must do. A driver's test calls `storeConformance` and adds only what is its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Fault, type FaultCode } from "../fault.ts";
import { blobConformance } from "./conformance-blobs.ts";
import { tableConformance } from "./conformance-tables.ts";
import { keyLimit, listLimit, valueLimit, viewOf } from "./limits.ts";
import type { Counters, Store } from "./store.ts";

export interface StoreWorld {
  /** A further client of the same store. Closed by the suite. */
  store(): Promise<Store>;
  /** Lets so many ms pass for what expires. */
  pass(ms: number): Promise<void>;
  /** Now, on the store's clock. */
  now(): number;
  close(): Promise<void>;
}

/** ms to live of what must be there for all of a test, and of what a test waits for. */
const long = 600_000;
export const short = 30_000;

/** Registers the tests. `open` is called once and its world serves them all. */
export function storeConformance(name: string, open: () => Promise<StoreWorld>): void {
  describe(`store: ${name}`, () => {
    let world: StoreWorld;
    let store: Store;
    let other: Store;
    let serial = 0;
    const fresh = () => `test-${process.pid}-${++serial}`;

    before(async () => {
      world = await open();
      store = await world.store();
      other = await world.store();
    });
    after(async () => {
      await store?.close();
      await other?.close();
      await world?.close();
    });

    test("what is set is there, for every client, as text and as bytes", async () => {
      const key = fresh();
      assert.equal(await store.get(key), undefined);
      assert.equal(await store.getBytes(key), undefined);
      await store.set(key, "Grüße", long);
      assert.equal(await store.get(key), "Grüße");
      assert.equal(await other.get(key), "Grüße");
      assert.deepEqual(await other.getBytes(key), new Uint8Array(new TextEncoder().encode("Grüße")));
      const bytes = Uint8Array.from([0, 255, 128, 10]);
      await other.set(key, bytes, long);
      assert.deepEqual(await store.getBytes(key), bytes);
      await store.set(key, "", Number.POSITIVE_INFINITY);
      assert.equal(await store.get(key), "");
    });

    test("keys are any text", async () => {
      const keys = ["a", "a\0", "a\0b", "aa", "user+tag@例え.jp", "{x}:*?[", " ", "\n"].map(
        (key) => `${fresh()}${key}`,
      );
      for (const key of keys) await store.set(key, key, long);
      for (const key of keys) assert.equal(await store.get(key), key);
    });

    test("what has expired is not there", async () => {
      const [key, kept] = [fresh(), fresh()];
      await store.set(key, "v", short);
      await store.set(kept, "v", long);
      await world.pass(2 * short);
      assert.equal(await store.get(key), undefined);
      assert.equal(await store.delete(key), false);
      assert.equal(await store.expire(key, long), false);
      assert.equal(await store.get(kept), "v");
      assert.equal(await store.expire(kept, short), true);
      await world.pass(2 * short);
      assert.equal(await store.get(kept), undefined);
      assert.equal(await store.add(key, "again", long), true);
      assert.equal(await store.get(key), "again");
    });

    test("set replaces the time to live, expire changes it", async () => {
      const key = fresh();
      await store.set(key, "v", short);
      await store.set(key, "w", long);
      await world.pass(2 * short);
      assert.equal(await store.get(key), "w");
      await store.set(key, "x", short);
      assert.equal(await store.expire(key, long), true);
      await world.pass(2 * short);
      assert.equal(await store.get(key), "x");
    });

    test("of many who add at once one wins", async () => {
      const key = fresh();
      const adding = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? store : other).add(key, `by ${i}`, long));
      const wins = (await Promise.all(adding)).flatMap((won, i) => (won ? [i] : []));
      assert.equal(wins.length, 1);
      assert.equal(await store.get(key), `by ${wins[0]}`);
    });

    test("delete", async () => {
      const key = fresh();
      await store.set(key, "v", long);
      assert.equal(await other.delete(key), true);
      assert.equal(await store.get(key), undefined);
      assert.equal(await store.delete(key), false);
    });

    test("a counter loses nothing, and lives from its first time on", async () => {
      const key = fresh();
      await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? store : other).increment(key, 1, long)));
      assert.equal(await store.increment(key, -30, long), 70);
      assert.equal(await store.get(key), "70");
      const window = fresh();
      assert.equal(await store.increment(window, 5, 2 * short), 5);
      await world.pass(short);
      assert.equal(await store.increment(window, 5, 2 * short), 10);
      await world.pass(1.5 * short);
      assert.equal(await store.increment(window, 5, 2 * short), 5);
    });

    test("a counter that is none, or too large, is a fault and stays as it is", async () => {
      const key = fresh();
      await store.set(key, "no number", long);
      await fails("failed", store.increment(key, 1, long));
      assert.equal(await store.get(key), "no number");
      await store.set(key, String(Number.MAX_SAFE_INTEGER), long);
      await fails("failed", store.increment(key, 1, long));
      await fails("failed", store.increment(key, 0.5, long));
      assert.equal(await store.get(key), String(Number.MAX_SAFE_INTEGER));
    });

    test("a bucket takes what it can hold, and leaks", async () => {
      const key = fresh();
      const start = world.now();
      const pour = (cost: number, at: number) => store.pour(key, { capacity: 10, leak: 2, cost, now: start + at });
      assert.deepEqual(await pour(0, 0), { allowed: true, level: 0 });
      assert.deepEqual(await pour(8, 0), { allowed: true, level: 8 });
      assert.deepEqual(await pour(3, 0), { allowed: false, level: 8 });
      assert.deepEqual(await pour(2, 0), { allowed: true, level: 10 });
      assert.deepEqual(await pour(1, 250), { allowed: false, level: 9.5 });
      assert.deepEqual(await pour(1, 500), { allowed: true, level: 10 });
      assert.deepEqual(await pour(-4, 500), { allowed: true, level: 6 });
      assert.deepEqual(await pour(0, 1500), { allowed: true, level: 4 });
      // A clock that is behind adds nothing and takes nothing.
      assert.deepEqual(await pour(0, -5000), { allowed: true, level: 6 });
      assert.deepEqual(await pour(1, 60_000), { allowed: true, level: 1 });
      assert.deepEqual(await pour(11, 120_000), { allowed: false, level: 0 });
    });

    test("of many who pour at once as many are allowed as there is room for", async () => {
      const key = fresh();
      const now = world.now();
      const poured = Array.from({ length: 50 }, (_, i) => {
        return (i % 2 === 0 ? store : other).pour(key, { capacity: 20, leak: 1, cost: 1, now });
      });
      assert.equal((await Promise.all(poured)).filter(({ allowed }) => allowed).length, 20);
    });

    test("a list keeps the newest", async () => {
      const key = fresh();
      assert.deepEqual([await store.range(key, 0, 10), await store.length(key)], [[], 0]);
      for (let i = 0; i < 7; i++) await (i % 2 === 0 ? store : other).push(key, `item ${i}`, 5, long);
      assert.equal(await other.length(key), 5);
      assert.deepEqual(await store.range(key, 0, 2), ["item 6", "item 5"]);
      assert.deepEqual(await store.range(key, 3, 10), ["item 3", "item 2"]);
      assert.deepEqual(await store.range(key, 5, 10), []);
      await store.push(key, "short", 2, short);
      assert.deepEqual(await store.range(key, 0, 9), ["short", "item 6"]);
      await world.pass(2 * short);
      assert.deepEqual([await store.range(key, 0, 9), await store.length(key)], [[], 0]);
      await store.push(key, "anew", 5, long);
      assert.deepEqual(await store.range(key, 0, 9), ["anew"]);
      assert.equal(await store.delete(key), true);
      await store.push(key, "after", 5, long);
      assert.deepEqual(await store.range(key, 0, 9), ["after"]);
    });

    test("of many who push at once none is lost", async () => {
      const key = fresh();
      const values = Array.from({ length: 50 }, (_, i) => `value ${i}`);
      await Promise.all(values.map((value, i) => (i % 2 === 0 ? store : other).push(key, value, 100, long)));
      assert.deepEqual(new Set(await store.range(key, 0, 100)), new Set(values));
    });

    test("another kind under the key is a fault, which set and delete do not mind", async () => {
      const key = fresh();
      await store.push(key, "v", 3, long);
      await fails("failed", store.get(key));
      await fails("failed", store.increment(key, 1, long));
      await fails("failed", store.pour(key, { capacity: 1, leak: 1, cost: 1 }));
      assert.equal(await store.add(key, "v", long), false);
      await store.set(key, "now a value", long);
      await fails("failed", store.range(key, 0, 1));
      assert.equal(await store.get(key), "now a value");
    });

    test("limits are faults, and what is at the limit is stored", async () => {
      const key = fresh();
      await fails("too-large", store.get("k".repeat(keyLimit + 1)));
      await fails("too-large", store.set("ä".repeat(keyLimit / 2 + 1), "v", long));
      await fails("failed", store.set("", "v", long));
      await fails("too-large", store.set(key, new Uint8Array(valueLimit + 1), long));
      await fails("too-large", store.push(key, "x".repeat(valueLimit + 1), 1, long));
      await fails("failed", store.push(key, "x", listLimit + 1, long));
      for (const ttl of [0, -1, Number.NaN]) await fails("failed", store.set(key, "v", ttl));
      await fails("failed", store.pour(key, { capacity: 1, leak: 0, cost: 1 }));
      assert.equal(await store.get(key), undefined);
      const longest = fresh().padEnd(keyLimit, "k");
      await store.set(longest, new Uint8Array(valueLimit).fill(7), long);
      same(await other.getBytes(longest), new Uint8Array(valueLimit).fill(7));
      await store.delete(longest);
    });

    blobConformance(() => ({ world, store, other, key: fresh() }));
    tableConformance(() => ({ store, other, name: fresh() }));

    test("a closed store answers `closed`, and closing again is no fault", async () => {
      const own = await world.store();
      const key = fresh();
      const last = own.set(key, "written", long);
      await own.close();
      await last;
      await own.close();
      await fails("closed", own.get(key));
      await fails("closed", own.set(key, "v", long));
      assert.equal(await store.get(key), "written");
    });
  });
}

/** Compares much at once: what `assert` would print of a difference helps nobody here. */
export function same(actual: Counters | undefined, expected: Counters): void {
  assert.ok(isSame(actual, expected), `${actual?.constructor.name} of ${actual?.length} is not what was expected`);
}

export function isSame(actual: Counters | undefined, expected: Counters): boolean {
  if (actual?.constructor !== expected.constructor) return false;
  return Buffer.compare(viewOf(actual), viewOf(expected)) === 0;
}

export async function fails(code: FaultCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (thrown) => {
    assert.ok(thrown instanceof Fault, `no fault: ${thrown}`);
    assert.equal(thrown.code, code, thrown.message);
    return true;
  });
}
