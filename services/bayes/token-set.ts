// The different tokens of a mail: what the model counts. A token is a number; two marks of a mail may share one.

import { hashText, mix, type Words } from "./words.ts";

/** Tokens of a mail that count. */
export const mostTokens = 8000;
/** Bits of a token: the address of its two counters in the largest table. */
export const tokenBits = 25;
/** Slots in which tokens are looked up: a power of two, twice as many as there are tokens. */
const slotBits = 14;
const slots = 2 ** slotBits;
/** Nobody outside can tell which tokens share a slot, and send many of them. */
const salt = Math.floor(Math.random() * 2 ** 32);

const loudSeed = 0x5bd1e995;
const twiceSeed = 0x9747b28c;
// Orthogonal sparse bigrams (Siefkes and others, 2004) within a window of three words: a wider one costs more and, here,
// finds less.
const nextSeed = 0x1b873593;
const skipSeed = 0xcc9e2d51;

function pair(before: number, hash: number, seed: number): number {
  return mix(Math.imul(before, 0x9e3779b1) + Math.imul(hash, 0x85ebca77) + seed);
}

export class TokenSet {
  size = 0;
  readonly tokens = new Uint32Array(mostTokens);
  /** What each token stands for, where people want to know: one name may have several. */
  readonly names: string[] | null;
  /** Mixed into a second token beside each, for the model of one user; 0 is nobody. */
  #owner = 0;
  readonly #slots = new Uint32Array(slots);
  /** In which filling of the set a slot was taken: nothing needs to be cleared. */
  readonly #taken = new Uint32Array(slots);
  #filling = 0;

  constructor({ named = false } = {}) {
    this.names = named ? [] : null;
  }

  clear(owner: number): void {
    this.size = 0;
    this.#owner = owner;
    this.#filling = (this.#filling + 1) >>> 0;
    if (this.#filling === 0) this.#taken.fill(0);
    if (this.names) this.names.length = 0;
  }

  add(hash: number, name: string): void {
    this.#put(hash >>> (32 - tokenBits), name);
    if (this.#owner !== 0) this.#put(mix(hash ^ this.#owner) >>> (32 - tokenBits), `${name} (own)`);
  }

  /** A mark that has a name: a header, an address, a type. */
  addMark(kind: Mark, value: string): void {
    this.#addOf(kind, hashText(value, kind.seed), this.names === null ? "" : `${kind.name}${value}`);
  }

  #addOf({ twice }: Mark, hash: number, name: string): void {
    this.add(hash, name);
    if (twice) this.add(mix(hash ^ twiceSeed), name);
  }

  /** The words, and pairs of words that stand next to each other or with one between them. */
  addWords(words: Words, kind: Mark): void {
    const { hashes, loud, count } = words;
    const say = this.names === null ? null : (text: string) => `${kind.name}${text}`;
    let before = 0;
    let beforeThat = 0;
    for (let i = 0; i < count; i++) {
      const hash = mix((hashes[i] ?? 0) ^ kind.seed);
      this.#addOf(kind, hash, say?.(words.wordAt(i)) ?? "");
      if (loud[i] === 1) this.#addOf(kind, mix(hash ^ loudSeed), say?.(`${words.wordAt(i)} (in capitals)`) ?? "");
      if (i > 0)
        this.#addOf(kind, pair(before, hash, nextSeed), say?.(`${words.wordAt(i - 1)} ${words.wordAt(i)}`) ?? "");
      if (i > 1)
        this.#addOf(kind, pair(beforeThat, hash, skipSeed), say?.(`${words.wordAt(i - 2)} _ ${words.wordAt(i)}`) ?? "");
      beforeThat = before;
      before = hash;
    }
  }

  #put(token: number, name: string): void {
    if (this.size >= mostTokens) return;
    let slot = mix(token ^ salt) >>> (32 - slotBits);
    for (; this.#taken[slot] === this.#filling; slot = (slot + 1) & (slots - 1)) {
      if (this.#slots[slot] === token) return;
    }
    this.#taken[slot] = this.#filling;
    this.#slots[slot] = token;
    this.tokens[this.size++] = token;
    this.names?.push(name);
  }
}

/** A kind of marks: their tokens are kept apart from those of others. */
export interface Mark {
  /** What stands before the mark when people look at it. */
  readonly name: string;
  readonly seed: number;
  /** Each is two tokens: a mail has ten words for each mark of its make, and who sent it says more than a word. */
  readonly twice: boolean;
}

/** Marks of the make of a mail. */
export function mark(name: string): Mark {
  return { name: `${name}: `, seed: hashText(name), twice: true };
}
