// A process for a test to kill while it writes.

import { openLmdbStore } from "./lmdb.ts";

const [folder = "", round] = process.argv.slice(2);
const store = await openLmdbStore({ folder });
for (;;) {
  const key = `list ${round}`;
  // Started together, they are of one commit: both are there or neither.
  const [count] = await Promise.all([store.increment(`counter ${round}`, 1, 1e9), store.push(key, "item", 1000, 1e9)]);
  process.send?.(count);
}
