// A gate: many may be inside at once, or one alone.

export class Gate {
  readonly #inside = new Set<Promise<unknown>>();
  #alone: Promise<void> | undefined;

  /** Beside others, but not while somebody is alone. */
  async share<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#alone !== undefined) await this.#alone;
    const mine = work();
    this.#inside.add(mine);
    try {
      return await mine;
    } finally {
      this.#inside.delete(mine);
    }
  }

  /** When all who are inside have left; others wait. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#alone !== undefined) await this.#alone;
    const mine = Promise.allSettled([...this.#inside]).then(work);
    const leave = () => {
      this.#alone = undefined;
    };
    this.#alone = mine.then(leave, leave);
    return mine;
  }
}
