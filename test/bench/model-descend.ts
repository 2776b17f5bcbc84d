// Logistic regression whose weights are held to where they begin, and may move only so far. Coordinate by coordinate with
// Newton's method, in a fixed order: the same samples always give the same weights.

import { termScale } from "../../services/neural/text/first-model.ts";
import type { Sample } from "./model-mails.ts";

/** Terms beyond which each counts for less (FirstModel.terms). */
export const terms = 70;
const rounds = 25;

export interface Fitted {
  readonly bias: number;
  readonly weights: ReadonlyMap<number, number>;
}

export interface Reins {
  /** What holds a weight to where it begins, in mails. */
  readonly shrinkage: number;
  /** How far it may get from there. */
  readonly farthest: number;
  /** What each mail counts for. */
  readonly shares: Float64Array;
}

/** Log odds of spam, before calibration. */
export function logitOf({ marks, terms: found, phrases }: Sample, { bias, weights }: Fitted): number {
  let marked = bias;
  for (const hash of marks) marked += weights.get(hash) ?? 0;
  let sum = 0;
  for (const hash of found) sum += weights.get(hash) ?? 0;
  for (const hash of phrases) sum += weights.get(hash) ?? 0;
  return marked + sum * termScale(found.length, terms);
}

/** Both sides alike in sum, in a mail of each side as `raw` says. */
export function bothAlike(samples: readonly Sample[], raw: (sample: Sample) => number): Float64Array {
  const weights = samples.map(raw);
  const sum = (spam: boolean) => weights.reduce((all, weight, i) => all + (samples[i]?.spam === spam ? weight : 0), 0);
  const [spam, ham] = [sum(true), sum(false)];
  return Float64Array.from(weights, (weight, i) => (weight * samples.length) / 2 / (samples[i]?.spam ? spam : ham));
}

/** Moves the bias and the weights that are to be learned, which begin where `start` has them, or at 0. */
export function descend(
  samples: readonly Sample[],
  start: ReadonlyMap<number, number>,
  learned: readonly number[],
  reins: Reins,
): Fitted {
  const weights = new Map(start);
  const scales = samples.map(({ terms: found }) => termScale(found.length, terms));
  const rows = new Map<number, number[]>(learned.map((hash) => [hash, []]));
  for (const [i, { terms: found }] of samples.entries()) for (const hash of found) rows.get(hash)?.push(i);
  const logits = Float64Array.from(samples, (sample) => logitOf(sample, { bias: 0, weights }));
  const labels = Float64Array.from(samples, ({ spam }) => (spam ? 1 : 0));
  let bias = 0;
  for (let round = 0; round < rounds; round++) {
    const move = stepOfBias({ logits, labels, scales, ...reins });
    bias += move;
    for (let i = 0; i < samples.length; i++) logits[i] = (logits[i] ?? 0) + move;
    for (const [hash, mails] of rows) {
      const weight = weights.get(hash) ?? 0;
      const moved = step(weight, start.get(hash) ?? 0, mails, { logits, labels, scales, ...reins });
      if (Math.abs(moved - weight) < 1e-5) continue;
      weights.set(hash, moved);
      for (const i of mails) logits[i] = (logits[i] ?? 0) + (moved - weight) * (scales[i] ?? 0);
    }
  }
  return { bias, weights };
}

interface Descent extends Reins {
  readonly logits: Float64Array;
  readonly labels: Float64Array;
  readonly scales: readonly number[];
}

function stepOfBias({ logits, labels, shares }: Descent): number {
  let slope = 0;
  let curve = 1e-6;
  for (let i = 0; i < logits.length; i++) {
    const p = 1 / (1 + Math.exp(-(logits[i] ?? 0)));
    slope += (shares[i] ?? 0) * (p - (labels[i] ?? 0));
    curve += (shares[i] ?? 0) * p * (1 - p);
  }
  return Math.max(-1, Math.min(1, -slope / curve));
}

/** The weight after one step of Newton's method, within its bounds. */
function step(weight: number, begin: number, mails: readonly number[], descent: Descent): number {
  const { logits, labels, shares, scales, shrinkage, farthest } = descent;
  let slope = shrinkage * (weight - begin);
  let curve = shrinkage;
  for (const i of mails) {
    const p = 1 / (1 + Math.exp(-(logits[i] ?? 0)));
    const share = shares[i] ?? 0;
    const x = scales[i] ?? 0;
    slope += share * x * (p - (labels[i] ?? 0));
    curve += share * x * x * Math.max(p * (1 - p), 0.02);
  }
  const move = Math.max(-0.5, Math.min(0.5, -slope / curve));
  return Math.max(begin - farthest, Math.min(begin + farthest, weight + move));
}
