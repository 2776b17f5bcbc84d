// A run of the classifier over the development corpus: with its own tokens, evidence and strengths, on counters in memory;
// reviews as shared/learning/study.ts does them.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { evidenceOf, probabilityOf, strengthOf } from "../../services/bayes/evidence.ts";
import { mailTokens } from "../../services/bayes/mail-tokens.ts";
import { TokenSet, tokenBits } from "../../services/bayes/token-set.ts";
import { analyse } from "../../shared/message/analyse.ts";
import type { Random } from "../fuzz/random.ts";

/** Bits of a token's number in a table of 16 MB. */
const bits = 22;
/** Lessons of the other label that are looked at again beside each. */
const reviews = 3;

export interface CorpusMail {
  readonly spam: boolean;
  readonly tokens: Uint32Array;
}

/** One of `every` so many mails of the corpus. */
export function readCorpus(every = 1): CorpusMail[] {
  const root = resolve(import.meta.dirname, "../../.cache/corpus");
  const set = new TokenSet();
  const mails: CorpusMail[] = [];
  for (const folder of ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"]) {
    for (const [at, file] of readdirSync(join(root, folder)).sort().entries()) {
      if (at % every !== 0) continue;
      const facts = analyse(readFileSync(join(root, folder, file)));
      mailTokens({ envelope: { rcpts: [] }, ...facts }, "none", set);
      mails.push({ spam: folder.startsWith("spam"), tokens: set.tokens.slice(0, set.size) });
    }
  }
  return mails;
}

/** The model of one run: as services/bayes/model.ts has it in the store. */
export class BenchModel {
  readonly #counters = new Uint16Array(2 ** (bits + 1));
  readonly #learned: Record<"spam" | "ham", CorpusMail[]> = { spam: [], ham: [] };
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  probability({ tokens }: CorpusMail): number {
    const { spam, ham } = this.#learned;
    return probabilityOf(evidenceOf(this.#counters, bits, tokens, tokens.length), spam.length + ham.length);
  }

  learn(mail: CorpusMail, label: "spam" | "ham"): void {
    this.#add(mail, label);
    this.#learned[label].push(mail);
    const other = label === "spam" ? "ham" : "spam";
    const before = this.#learned[other];
    for (let i = 0; i < reviews && before.length > 0; i++) this.#add(this.#random.pick(before), other, true);
  }

  #add({ tokens }: CorpusMail, label: "spam" | "ham", again = false): void {
    const strength = strengthOf(evidenceOf(this.#counters, bits, tokens, tokens.length), label, tokens.length, again);
    const side = label === "spam" ? 0 : 1;
    for (const token of tokens) {
      const cell = (token >>> (tokenBits - bits)) * 2 + side;
      this.#counters[cell] = Math.min(65_535, (this.#counters[cell] ?? 0) + strength);
    }
  }
}
