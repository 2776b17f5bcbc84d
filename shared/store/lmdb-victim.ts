// A process for a test to kill while it writes.

import { openLmdbStore } from "./lmdb.ts";

// Not even a test that fails may leave it behind.
process.on("disconnect", () => process.exit());
const [folder = "", round] = process.argv.slice(2);
const store = await openLmdbStore({ folder });
const table = await store.table("rounds", { cells: 3, bits: 16 });
for (;;) {
  const key = `list ${round}`;
  // Started together, they are of one commit: both are there or neither.
  const [count] = await Promise.all([store.increment(`counter ${round}`, 1, 1e9), store.push(key, "item", 1000, 1e9)]);
  await table.add(Uint32Array.of(Number(round)), Int32Array.of(1));
  process.send?.(count);
}
