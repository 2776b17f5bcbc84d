// Changes of a table that were decided and are on their way to the store: what is decided meanwhile is to know of them.

import type { Counters } from "../store/store.ts";

export class Ahead {
  /** What is on its way, by cell. */
  readonly #by = new Map<number, number>();

  get isEmpty(): boolean {
    return this.#by.size === 0;
  }

  /** Adds `by` to each cell, until the answer is called: then the table has it. */
  expect(cells: Uint32Array, by: number): () => void {
    this.#add(cells, by);
    return () => this.#add(cells, -by);
  }

  /** The counter as it will be. */
  of(counters: Counters, cell: number): number {
    return Math.max(0, (counters[cell] ?? 0) + (this.#by.get(cell) ?? 0));
  }

  #add(cells: Uint32Array, by: number): void {
    for (const cell of cells) {
      const sum = (this.#by.get(cell) ?? 0) + by;
      if (sum === 0) this.#by.delete(cell);
      else this.#by.set(cell, sum);
    }
  }
}
