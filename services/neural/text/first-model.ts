// The model that ships with Sluice, and how it reads a mail. It was made by `make model`; services/neural/README.md says from
// what, and how it was kept from learning what holds only there.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Features } from "./features.ts";
import { phrasesOf } from "./features.ts";
import { decodeModel } from "./model-file.ts";
import type { WeightTable } from "./weight-table.ts";

export interface FirstModel {
  readonly weights: WeightTable;
  readonly bias: number;
  /** Terms beyond which each counts for less: half as much, squared, at so many. */
  readonly terms: number;
  /** Calibration: the log odds are `slope * logit + shift`. */
  readonly slope: number;
  readonly shift: number;
}

export const firstModelPath = join(import.meta.dirname, "first-model.bin");

let loaded: FirstModel | undefined;

/** Reads the file once. Faults with `failed` when it is not whole. */
export function firstModel(): FirstModel {
  loaded ??= decodeModel(readFileSync(firstModelPath));
  return loaded;
}

/** What a term counts in a mail of so many: long mails must not be sure of everything. */
export function termScale(count: number, terms: number): number {
  return 1 / Math.sqrt(1 + count / terms);
}

const phrasesSeen = new Int32Array(64);

/** Log odds of spam, before calibration. */
export function firstLogit(features: Features, { weights, bias, terms }: FirstModel): number {
  const { marks, terms: found } = features;
  let marked = bias;
  for (let i = 0; i < marks.count; i++) marked += weights.get(marks.hash[i] ?? 0);
  let sum = 0;
  for (let i = 0; i < found.size; i++) sum += weights.get(found.items[i] ?? 0);
  let seen = 0;
  const phrases = phrasesOf(features);
  for (let i = 0; i < phrases.length && seen < phrasesSeen.length; i++) {
    const hash = phrases[i] ?? 0;
    const weight = weights.get(hash);
    if (weight === 0) continue;
    const before = phrasesSeen.indexOf(hash);
    if (before >= 0 && before < seen) continue;
    phrasesSeen[seen++] = hash;
    sum += weight;
  }
  return marked + sum * termScale(found.size, terms);
}
