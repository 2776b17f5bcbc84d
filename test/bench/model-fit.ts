// Fits the first model: logistic regression whose weights begin where general knowledge puts them and may move only so far.
// Coordinate by coordinate with Newton's method, in a fixed order: the same mail always gives the same model.

import { termScale } from "../../services/neural/text/first-model.ts";
import { named } from "../../services/neural/text/shape.ts";
import type { Sample } from "./model-mails.ts";

/** Terms beyond which each counts for less (FirstModel.terms). */
export const terms = 70;
/** Of the weights that cues.txt gives: several cues of one mail often say the same. */
const cueShare = 0.65;
/** Of its weight that a cue keeps when the development mail says the opposite, or says it of newsletters only. */
const contradicted = 0.25;
const doubted = 0.6;
/** How far a term that is no cue may get from 0: no word of the development mail may decide alone. */
const farthest = 0.2;
const shrinkage = 2;
/** Mails, groups of mail, and the share of one group among the ham, for a term to be learned. */
const leastMails = 12;
const leastGroups = 3;
const mostOfOneGroup = 0.75;
/** Newsletters are rare here and common elsewhere. */
const letterWeight = 2;
const rounds = 25;

export interface Fitted {
  readonly bias: number;
  readonly weights: ReadonlyMap<number, number>;
}

export interface Knowledge {
  readonly cues: ReadonlyMap<number, number>;
  readonly excluded: ReadonlySet<number>;
}

export function fit(samples: readonly Sample[], knowledge: Knowledge): Fitted {
  const weights = new Map<number, number>();
  for (const [hash, { prior }] of named) weights.set(hash, prior);
  for (const [hash, weight] of doubtedCues(samples, knowledge.cues)) weights.set(hash, weight * cueShare);
  const learned = learnable(samples, knowledge);
  return descend(samples, weights, learned);
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

const isLetter = ({ group }: Sample) => group.startsWith("letters");

/** The cues, with less weight where the mail contradicts: it may take away, it never adds. */
function doubtedCues(samples: readonly Sample[], cues: ReadonlyMap<number, number>): Map<number, number> {
  const sides = [
    samples.filter((sample) => !sample.spam && isLetter(sample)),
    samples.filter((sample) => !sample.spam && !isLetter(sample)),
    samples.filter(({ spam }) => spam),
  ];
  const counts = sides.map((side) => countTerms(side, (hash) => cues.has(hash)));
  const weights = new Map<number, number>();
  for (const [hash, weight] of cues) {
    const seen = counts.map((count) => count.get(hash) ?? 0);
    const [letters = 1, talk = 1, spam = 1] = seen.map((count, i) => (count + 0.3) / ((sides[i]?.length ?? 0) + 0.6));
    const toLetters = Math.log(spam / letters) * Math.sign(weight);
    const toTalk = Math.log(spam / talk) * Math.sign(weight);
    const enough = seen.reduce((sum, count) => sum + count, 0) >= 12;
    const share = !enough
      ? 1
      : toTalk < -0.3 || (toLetters < -0.5 && toTalk < 0.3)
        ? contradicted
        : toLetters < -0.5
          ? doubted
          : 1;
    weights.set(hash, weight * share);
  }
  return weights;
}

function countTerms(samples: readonly Sample[], wanted: (hash: number) => boolean): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { terms: found, phrases } of samples) {
    for (const list of [found, phrases]) {
      for (const hash of list) if (wanted(hash)) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
  }
  return counts;
}

/** Terms that occur in several groups of mail, and are no cue. */
function learnable(samples: readonly Sample[], { cues, excluded }: Knowledge): readonly number[] {
  const byGroup = new Map<string, Map<number, number>>();
  for (const { group, terms: found } of samples) {
    const counts = byGroup.get(group) ?? new Map<number, number>();
    byGroup.set(group, counts);
    for (const hash of found) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  const groups = [...byGroup].map(([group, counts]) => ({ isHam: !group.startsWith("spam"), counts }));
  const all = new Set(groups.flatMap(({ counts }) => [...counts.keys()]));
  return [...all].filter((hash) => {
    if (cues.has(hash) || excluded.has(hash)) return false;
    let mails = 0;
    let ham = 0;
    let most = 0;
    let present = 0;
    for (const { isHam, counts } of groups) {
      const count = counts.get(hash) ?? 0;
      if (count === 0) continue;
      present++;
      mails += count;
      if (!isHam) continue;
      ham += count;
      most = Math.max(most, count);
    }
    return mails >= leastMails && present >= leastGroups && (ham < 10 || most <= mostOfOneGroup * ham);
  });
}

/** How much a mail counts: both sides alike, and no group by its mere size. */
function mailWeights(samples: readonly Sample[]): Float64Array {
  const sizes = new Map<string, number>();
  for (const { group } of samples) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const raw = samples.map((sample) => (isLetter(sample) ? letterWeight : 1) * (sizes.get(sample.group) ?? 1) ** -0.3);
  const sum = (spam: boolean) => raw.reduce((total, weight, i) => total + (samples[i]?.spam === spam ? weight : 0), 0);
  const [spam, ham] = [sum(true), sum(false)];
  return Float64Array.from(raw, (weight, i) => (weight * samples.length) / 2 / (samples[i]?.spam ? spam : ham));
}

/** Moves the bias and the learned weights, all from 0. */
function descend(samples: readonly Sample[], start: ReadonlyMap<number, number>, learned: readonly number[]): Fitted {
  const weights = new Map(start);
  const scales = samples.map(({ terms: found }) => termScale(found.length, terms));
  const rows = new Map<number, number[]>(learned.map((hash) => [hash, []]));
  for (const [i, { terms: found }] of samples.entries()) for (const hash of found) rows.get(hash)?.push(i);
  const logits = Float64Array.from(samples, (sample) => logitOf(sample, { bias: 0, weights }));
  const shares = mailWeights(samples);
  const labels = Float64Array.from(samples, ({ spam }) => (spam ? 1 : 0));
  let bias = 0;
  for (let round = 0; round < rounds; round++) {
    let slope = 0;
    let curve = 1e-6;
    for (let i = 0; i < samples.length; i++) {
      const p = 1 / (1 + Math.exp(-(logits[i] ?? 0)));
      slope += (shares[i] ?? 0) * (p - (labels[i] ?? 0));
      curve += (shares[i] ?? 0) * p * (1 - p);
    }
    const move = Math.max(-1, Math.min(1, -slope / curve));
    bias += move;
    for (let i = 0; i < samples.length; i++) logits[i] = (logits[i] ?? 0) + move;
    for (const [hash, mails] of rows) {
      const weight = weights.get(hash) ?? 0;
      const moved = step(weight, mails, { logits, labels, shares, scales });
      if (Math.abs(moved - weight) < 1e-5) continue;
      weights.set(hash, moved);
      for (const i of mails) logits[i] = (logits[i] ?? 0) + (moved - weight) * (scales[i] ?? 0);
    }
  }
  return { bias, weights };
}

interface Descent {
  readonly logits: Float64Array;
  readonly labels: Float64Array;
  readonly shares: Float64Array;
  readonly scales: readonly number[];
}

/** The weight after one step of Newton's method, within its bounds. */
function step(weight: number, mails: readonly number[], { logits, labels, shares, scales }: Descent): number {
  let slope = shrinkage * weight;
  let curve = shrinkage;
  for (const i of mails) {
    const p = 1 / (1 + Math.exp(-(logits[i] ?? 0)));
    const share = shares[i] ?? 0;
    const x = scales[i] ?? 0;
    slope += share * x * (p - (labels[i] ?? 0));
    curve += share * x * x * Math.max(p * (1 - p), 0.02);
  }
  const move = Math.max(-0.5, Math.min(0.5, -slope / curve));
  return Math.max(-farthest, Math.min(farthest, weight + move));
}
