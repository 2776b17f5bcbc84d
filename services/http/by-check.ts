// What is counted for each check. Verdicts of this process name their checks with the same list each time, whose counts
// are found at once.

/** `make` makes the count of a check that was not seen before. */
export class ByCheck<Count> {
  readonly #make: (check: string, actor: string) => Count;
  readonly #counts = new Map<string, Count>();
  readonly #lists = new WeakMap<readonly string[], readonly Count[]>();

  constructor(make: (check: string, actor: string) => Count) {
    this.#make = make;
  }

  get(check: string): Count | undefined {
    return this.#counts.get(check);
  }

  entries(): Iterable<[string, Count]> {
    return this.#counts;
  }

  /** The counts of these checks of an actor, in their order. */
  of(actor: string, checks: readonly string[]): readonly Count[] {
    let list = this.#lists.get(checks);
    if (list === undefined) {
      list = checks.map((check) => this.one(check, actor));
      this.#lists.set(checks, list);
    }
    return list;
  }

  one(check: string, actor: string): Count {
    let count = this.#counts.get(check);
    if (count === undefined) {
      count = this.#make(check, actor);
      this.#counts.set(check, count);
    }
    return count;
  }
}
