// Counters whose new values are in the log of changes and not yet in the chunks. A change touches counters all over a
// table: to write each of their chunks every time would write most of the table every time. So a change writes its log
// entry only, and many of them are brought into the chunks together.

import type { Counters, TableShape } from "./store.ts";

/** Changes and values after which all are brought into the chunks. The log keeps more changes than that. */
export const mostChanges = 256;
const mostValues = 200_000;

export class Pending {
  /** Number of the latest change that is in the chunks, and of the latest one that is known here. */
  readonly folded: number;
  upto: number;
  readonly values = new Map<number, number>();

  constructor(folded: number) {
    this.folded = folded;
    this.upto = folded;
  }

  /** Takes over a change from the log. */
  take(cells: Uint32Array, values: Uint32Array): void {
    for (let i = 0; i < cells.length; i++) this.values.set(cells[i] ?? 0, values[i] ?? 0);
    this.upto += 1;
  }

  get isFull(): boolean {
    return this.upto - this.folded >= mostChanges || this.values.size >= mostValues;
  }

  /**
   * Adds to counters, and answers with their new values; `read` answers with what the chunks have. The same counter may be
   * named more than once.
   */
  add(shape: TableShape, cells: Uint32Array, by: Int32Array, read: (cell: number) => number): Uint32Array {
    const largest = 2 ** shape.bits - 1;
    const sums = new Uint32Array(cells.length);
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] ?? 0;
      const value = Math.min(largest, Math.max(0, (this.values.get(cell) ?? read(cell)) + (by[i] ?? 0)));
      this.values.set(cell, value);
      sums[i] = value;
    }
    this.upto += 1;
    return sums;
  }

  /** Puts what is pending over counters that were read from the chunks. */
  putOver(counters: Counters): void {
    for (const [cell, value] of this.values) counters[cell] = value;
  }
}
