// Weights by the 32-bit hash of a feature: open addressing in typed arrays, read once or more for each word of each mail.

export class WeightTable {
  readonly #keys: Int32Array;
  readonly #weights: Float32Array;
  readonly #mask: number;

  /** At most `count` weights will be set. */
  constructor(count: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, count * 2.5)));
    this.#keys = new Int32Array(slots);
    this.#weights = new Float32Array(slots);
    this.#mask = slots - 1;
  }

  set(hash: number, weight: number): void {
    const slot = this.#slotOf(hash);
    this.#keys[slot] = hash || 1;
    this.#weights[slot] = weight;
  }

  /** 0 for what has none. */
  get(hash: number): number {
    return this.#weights[this.#slotOf(hash)] ?? 0;
  }

  /** Where the hash is, or the free slot where it would be. 0 marks a free slot: the hash 0 is taken for 1. */
  #slotOf(hash: number): number {
    const key = hash | 0 || 1;
    const keys = this.#keys;
    let slot = key & this.#mask;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & this.#mask;
    return slot;
  }
}
