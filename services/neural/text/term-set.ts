// A set of hashes that is emptied for each mail without writing to all of it.

/** Terms of one mail that are kept; further ones are left out. */
export const mostTerms = 4_096;
const slots = 4 * mostTerms;

export class TermSet {
  /** Each once, in the order of their coming. */
  readonly items = new Int32Array(mostTerms);
  size = 0;
  readonly #keys = new Int32Array(slots);
  /** The round in which a slot was written: what is older is free. */
  readonly #rounds = new Uint32Array(slots);
  #round = 1;

  clear(): void {
    this.size = 0;
    this.#round += 1;
    if (this.#round < 0xffffffff) return;
    this.#round = 1;
    this.#rounds.fill(0);
  }

  /** Answers whether it was not there before. */
  add(hash: number): boolean {
    let slot = hash & (slots - 1);
    while (this.#rounds[slot] === this.#round) {
      if (this.#keys[slot] === hash) return false;
      slot = (slot + 1) & (slots - 1);
    }
    if (this.size >= mostTerms) return false;
    this.#rounds[slot] = this.#round;
    this.#keys[slot] = hash;
    this.items[this.size] = hash;
    this.size += 1;
    return true;
  }
}
