// A table in memory that is kept current: for state that every message reads.

import type { Counters, Table } from "./store.ts";

export interface LiveTable {
  /** Current values; replaced as a whole at times, so look here each time. */
  readonly counters: Counters;
  close(): void;
}

/** ms before a table that could not be read is read again. */
const pause = 1_000;

/**
 * Reads the table and follows it. `onFault` hears of a failure to read it again: the values stay as they were, and it is
 * tried until it works.
 */
export async function openLiveTable(table: Table, onFault: (thrown: unknown) => void): Promise<LiveTable> {
  let counters: Counters | undefined;
  let retrying: NodeJS.Timeout | undefined;
  let closed = false;
  let missed: { cells: Uint32Array; values: Uint32Array }[] = [];
  let rereading = false;
  let again = false;

  // Changes that arrive while the table is being read may be older or newer than what is read: they carry values and
  // come in order, so what is applied last is right.
  async function reread(): Promise<void> {
    if (rereading) {
      again = true;
      return;
    }
    rereading = true;
    try {
      do {
        again = false;
        missed = [];
        const read = await table.read();
        for (const change of missed) apply(read, change);
        counters = read;
      } while (again);
    } finally {
      rereading = false;
    }
  }

  function rereadUntilDone(): void {
    clearTimeout(retrying);
    reread().catch((thrown) => {
      if (closed) return;
      onFault(thrown);
      clearTimeout(retrying);
      retrying = setTimeout(rereadUntilDone, pause).unref();
    });
  }

  const unfollow = await table.follow((change) => {
    if (change === "reread") rereadUntilDone();
    else {
      if (rereading) missed.push(change);
      if (counters !== undefined) apply(counters, change);
    }
  });
  try {
    await reread();
  } catch (thrown) {
    unfollow();
    throw thrown;
  }
  return {
    get counters() {
      return counters ?? new Uint8Array(0);
    },
    close() {
      closed = true;
      clearTimeout(retrying);
      unfollow();
    },
  };
}

function apply(counters: Counters, { cells, values }: { cells: Uint32Array; values: Uint32Array }): void {
  for (let i = 0; i < cells.length; i++) counters[cells[i] ?? 0] = values[i] ?? 0;
}
