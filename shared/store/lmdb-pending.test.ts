// Changes that are in the log and not yet in the chunks: whoever reads sees them, also after a restart.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openRandom } from "../../test/fuzz/random.ts";
import { openLmdbStore } from "./lmdb.ts";
import { Pending, stripes } from "./lmdb-pending.ts";
import type { TableShape } from "./store.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-pending-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("two processes add in turns, over the times when changes are brought into the chunks", async () => {
  const shape: TableShape = { cells: 20_000, bits: 16 };
  const random = openRandom(1);
  const expected = new Uint16Array(shape.cells);
  const change = () => {
    const cells = Uint32Array.from({ length: 1 + random.below(60) }, () => random.below(shape.cells));
    const by = Int32Array.from(cells, () => random.below(200) - 60);
    for (const [i, cell] of cells.entries()) {
      expected[cell] = Math.min(65_535, Math.max(0, (expected[cell] ?? 0) + (by[i] ?? 0)));
    }
    return [cells, by] as const;
  };
  for (let life = 0; life < 3; life++) {
    const stores = [await openLmdbStore({ folder }), await openLmdbStore({ folder })];
    const tables = await Promise.all(stores.map((store) => store.table("t", shape)));
    for (let i = 0; i < stripes * 1.3; i++) {
      const table = random.pick(tables);
      await table.add(...change());
      if (random.once(100)) assert.deepEqual(await random.pick(tables).read(), expected);
      if (random.once(200)) {
        await table.halve();
        for (const [cell, value] of expected.entries()) expected[cell] = value >>> 1;
      }
    }
    for (const table of tables) assert.deepEqual(await table.read(), expected);
    for (const store of stores) await store.close();
  }
});

test("a counter that is named twice counts twice, and stays within its bits", () => {
  const pending = new Pending(0, 8);
  const shape: TableShape = { cells: 10, bits: 8 };
  const read = (cell: number) => (cell === 3 ? 250 : 0);
  const values = pending.add(shape, Uint32Array.of(3, 4, 4, 3), Int32Array.of(10, 2, -5, -1), read);
  assert.deepEqual([...values], [255, 2, 0, 254]);
  assert.deepEqual(
    [...(pending.waiting.get(0) ?? [])],
    [
      [3, 254],
      [4, 0],
    ],
  );
});
