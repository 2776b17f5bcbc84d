// What every driver must do with counter tables. Part of `storeConformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fails, isSame, same } from "./conformance.ts";
import { keyLimit } from "./limits.ts";
import { openLiveTable } from "./live-table.ts";
import type { Counters, Store, TableShape } from "./store.ts";

interface TableWorld {
  readonly store: Store;
  readonly other: Store;
  readonly name: string;
}

const deltas = (pairs: readonly (readonly [number, number])[]) =>
  [Uint32Array.from(pairs, ([cell]) => cell), Int32Array.from(pairs, ([, by]) => by)] as const;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

export function tableConformance(given: () => TableWorld): void {
  test("a table starts with zeros and adds up, whoever adds", async () => {
    const { store, other, name } = given();
    const shape: TableShape = { cells: 100_003, bits: 16 };
    const [mine, theirs] = [await store.table(name, shape), await other.table(name, shape)];
    same(await mine.read(), new Uint16Array(shape.cells));
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 === 0 ? mine : theirs).add(
          ...deltas([
            [0, 1],
            [700, 2],
            [100_002, 3],
          ]),
        ),
      ),
    );
    const expected = new Uint16Array(shape.cells);
    expected[0] = 40;
    expected[700] = 80;
    expected[100_002] = 120;
    same(await mine.read(), expected);
    same(await theirs.read(), expected);
    await mine.add(...deltas([]));
  });

  test("a counter stays at 0 and at its largest value", async () => {
    const { store, name } = given();
    for (const [bits, empty] of [
      [8, new Uint8Array(3)],
      [16, new Uint16Array(3)],
      [32, new Uint32Array(3)],
    ] as const) {
      const table = await store.table(`${name}-${bits}`, { cells: 3, bits });
      const add = async (pairs: readonly (readonly [number, number])[]): Promise<Counters> => {
        await table.add(...deltas(pairs));
        return table.read();
      };
      const largest = 2 ** bits - 1;
      const step = Math.min(largest, 2 ** 31 - 1);
      empty.set([largest, 0, 4]);
      assert.deepEqual(
        await add([
          [0, step],
          [0, step],
          [0, step],
          [1, -5],
          [2, 3],
          [2, 1],
        ]),
        empty,
      );
      empty.set([largest - 1, 1, 0]);
      assert.deepEqual(
        await add([
          [0, -1],
          [1, 1],
          [2, -9],
        ]),
        empty,
      );
    }
  });

  test("what cannot be added is a fault, and nothing of it is added", async () => {
    const { store, name } = given();
    const table = await store.table(name, { cells: 10, bits: 8 });
    await fails(
      "failed",
      table.add(
        ...deltas([
          [1, 1],
          [10, 1],
        ]),
      ),
    );
    await fails("failed", table.add(Uint32Array.of(1, 2), Int32Array.of(1)));
    same(await table.read(), new Uint8Array(10));
    await fails("bad-config", store.table(name, { cells: 11, bits: 8 }));
    await fails("bad-config", store.table(name, { cells: 10, bits: 16 }));
    await fails("failed", store.table(name, { cells: 0, bits: 8 }));
  });

  test("followers hear of the changes of all clients, in order", async () => {
    const { store, other, name } = given();
    const shape: TableShape = { cells: 1000, bits: 16 };
    const [mine, theirs] = [await store.table(name, shape), await other.table(name, shape)];
    const heard: unknown[] = [];
    const ends = [
      await mine.follow((change) => heard.push(change)),
      await theirs.follow((change) => heard.push(change)),
    ];
    await mine.add(
      ...deltas([
        [5, 2],
        [6, 1],
      ]),
    );
    await theirs.add(...deltas([[5, 3]]));
    await until(() => heard.length >= 4);
    const first = { cells: Uint32Array.of(5, 6), values: Uint32Array.of(2, 1) };
    const second = { cells: Uint32Array.of(5), values: Uint32Array.of(5) };
    assert.deepEqual(
      new Set(heard.map((change) => JSON.stringify(change))),
      new Set([first, second].map((c) => JSON.stringify(c))),
    );
    for (const end of ends) end();
    await mine.add(...deltas([[5, 1]]));
    assert.equal(heard.length, 4);
  });

  test("a live table stays current, also after a change too large to tell", async () => {
    const { store, other, name } = given();
    const shape: TableShape = { cells: 50_000, bits: 8 };
    const [mine, theirs] = [await store.table(name, shape), await other.table(name, shape)];
    await mine.add(...deltas([[7, 7]]));
    const live = await openLiveTable(mine, (thrown) => assert.fail(String(thrown)));
    assert.equal(live.counters[7], 7);
    await theirs.add(...deltas([[8, 9]]));
    await until(() => live.counters[8] === 9);
    await theirs.add(...deltas(Array.from({ length: 50_000 }, (_, cell) => [cell, 1])));
    await until(() => live.counters[49_999] === 1);
    await theirs.add(...deltas([[49_999, 1]]));
    await until(() => live.counters[49_999] === 2);
    same(live.counters, await theirs.read());
    live.close();
  });

  test("what is added once counts once, for every client", async () => {
    const { store, other, name } = given();
    const shape: TableShape = { cells: 10, bits: 8 };
    const [mine, theirs] = [await store.table(name, shape), await other.table(name, shape)];
    const one = deltas([[3, 1]]);
    const added = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? mine : theirs).add(...one, "lesson 1"));
    assert.equal((await Promise.all(added)).filter(Boolean).length, 1);
    assert.equal(await theirs.add(...one, "lesson 2"), true);
    assert.equal(await mine.add(...deltas([]), "lesson 3"), true);
    assert.equal(await mine.add(...one, "lesson 3"), false);
    assert.equal(await mine.add(...one), true);
    assert.equal((await mine.read())[3], 3);
    const elsewhere = await store.table(`${name}-2`, shape);
    assert.equal(await elsewhere.add(...one, "lesson 1"), true);
    // What is refused has not counted.
    await fails("failed", mine.add(...deltas([[10, 1]]), "lesson 4"));
    assert.equal(await mine.add(...one, "lesson 4"), true);
    await fails("too-large", mine.add(...one, "k".repeat(keyLimit + 1)));
    await mine.halve();
    assert.equal(await theirs.add(...one, "lesson 1"), false);
  });

  test("a table is halved, replaced and reset, and its followers read it again", async () => {
    const { store, other, name } = given();
    const change = async (bits: 8 | 16 | 32) => {
      const shape: TableShape = { cells: 9_001, bits };
      const [mine, theirs] = [await store.table(`${name}-${bits}`, shape), await other.table(`${name}-${bits}`, shape)];
      const live = await openLiveTable(mine, (thrown) => assert.fail(String(thrown)));
      const becomes = (expected: Counters) => until(() => isSame(live.counters, expected));
      const largest = 2 ** bits - 1;
      const counters = await mine.read();
      await theirs.add(...deltas([[1, 1]]), "first");
      counters.set([3, 1, largest], 4_500);
      counters[9_000] = 8;
      await theirs.write(counters);
      same(await mine.read(), counters);
      await becomes(counters);
      await theirs.halve();
      counters.set([1, 0, Math.floor(largest / 2)], 4_500);
      counters[9_000] = 4;
      same(await mine.read(), counters);
      await becomes(counters);
      // What had counted before the table was replaced is no part of it any more.
      assert.equal(await mine.add(...deltas([[1, 1]]), "first"), true);
      await theirs.reset();
      same(await mine.read(), counters.fill(0));
      await becomes(counters);
      assert.equal(await mine.add(...deltas([[1, 1]]), "first"), true);
      assert.equal(await theirs.add(...deltas([[1, 1]]), "first"), false);
      counters[1] = 1;
      await becomes(counters);
      await fails("failed", mine.write(new Uint8Array(9_000)));
      await fails("failed", mine.write(bits === 8 ? new Uint16Array(9_001) : new Uint8Array(9_001)));
      live.close();
    };
    await Promise.all(([8, 16, 32] as const).map(change));
  });
}
