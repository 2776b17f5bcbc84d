// What every driver must do with counter tables. Part of `storeConformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fails } from "./conformance.ts";
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
    assert.deepEqual(await mine.read(), new Uint16Array(shape.cells));
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
    assert.deepEqual(await mine.read(), expected);
    assert.deepEqual(await theirs.read(), expected);
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
    assert.deepEqual(await table.read(), new Uint8Array(10));
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
    assert.deepEqual(live.counters, await theirs.read());
    live.close();
  });
}
