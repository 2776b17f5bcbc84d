// Counters whose new values are in the log of changes and not yet in the chunks. A change touches counters all over a
// table: to write each of their chunks every time would write most of the table every time. So a change writes its log
// entry and brings one stripe of the table up to date, in turn; what is in no stripe yet is kept here.

import type { Counters, TableShape } from "./store.ts";

/** Parts of a table. After so many changes each has been written. The log keeps more changes than that. */
export const stripes = 256;
/** Values that may wait for their stripe. */
const mostValues = 200_000;

export class Pending {
  /** Number of the latest change that is known here. */
  upto: number;
  readonly #stripeCells: number;
  readonly #stripes = new Map<number, Map<number, number>>();
  #size = 0;

  /** `upto` is the number of the latest change that is in the chunks as a whole; a stripe has `stripeCells` counters. */
  constructor(upto: number, stripeCells: number) {
    this.upto = upto;
    this.#stripeCells = stripeCells;
  }

  /** Takes over a change from the log. */
  take(cells: Uint32Array, values: Uint32Array): void {
    for (let i = 0; i < cells.length; i++) this.#set(cells[i] ?? 0, values[i] ?? 0);
    this.upto += 1;
  }

  get isFull(): boolean {
    return this.#size >= mostValues;
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
      const before = this.#stripes.get(Math.floor(cell / this.#stripeCells))?.get(cell) ?? read(cell);
      const value = Math.min(largest, Math.max(0, before + (by[i] ?? 0)));
      this.#set(cell, value);
      sums[i] = value;
    }
    this.upto += 1;
    return sums;
  }

  /** What waits, by stripe. */
  get waiting(): ReadonlyMap<number, ReadonlyMap<number, number>> {
    return this.#stripes;
  }

  /** The stripe was written. */
  drop(stripe: number): void {
    this.#size -= this.#stripes.get(stripe)?.size ?? 0;
    this.#stripes.delete(stripe);
  }

  /** Puts what is pending over counters that were read from the chunks. */
  putOver(counters: Counters): void {
    for (const values of this.#stripes.values()) for (const [cell, value] of values) counters[cell] = value;
  }

  #set(cell: number, value: number): void {
    const stripe = Math.floor(cell / this.#stripeCells);
    let values = this.#stripes.get(stripe);
    if (values === undefined) {
      values = new Map();
      this.#stripes.set(stripe, values);
    }
    const before = values.size;
    values.set(cell, value);
    this.#size += values.size - before;
  }
}

/** The stripe that a change brings up to date. */
export function stripeOf(change: number): number {
  return change % stripes;
}
