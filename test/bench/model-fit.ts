// Fits the first model: weights begin where general knowledge puts them; the development mail may move them a little, and
// then the examples teach it words.

import { named } from "../../services/neural/text/shape.ts";
import { bothAlike, descend, type Fitted } from "./model-descend.ts";
import type { Sample } from "./model-mails.ts";

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
/** Examples that a term stands in before it is learned of them, and how it is held to what is known already. */
const leastExamples = 2;
const ofExamples = { shrinkage: 1, farthest: 1 };
/** What stands in more than this share of a language's examples ("is", "but", "your") tells how they were written. */
const mostOfLanguage = 0.13;
/** Examples of a language before its share is looked at. */
const leastOfLanguage = 20;

export interface Knowledge {
  readonly cues: ReadonlyMap<number, number>;
  readonly excluded: ReadonlySet<number>;
  readonly examples: readonly Sample[];
}

export function fit(samples: readonly Sample[], knowledge: Knowledge): Fitted {
  const weights = new Map<number, number>();
  for (const [hash, { prior }] of named) weights.set(hash, prior);
  for (const [hash, weight] of doubtedCues(samples, knowledge.cues)) weights.set(hash, weight * cueShare);
  const reins = { shrinkage, farthest, shares: mailWeights(samples) };
  const { bias, weights: moved } = descend(samples, weights, learnable(samples, knowledge), reins);
  return { bias, weights: taughtBy(knowledge, moved) };
}

/** What the examples add. Their own bias says nothing: they have no marks, and there are as many of both sides. */
function taughtBy({ examples, excluded }: Knowledge, start: ReadonlyMap<number, number>): Fitted["weights"] {
  const common = commonWords(examples);
  const counts = countTerms(examples, (hash) => !excluded.has(hash) && !common.has(hash));
  const learned = [...counts].filter(([, count]) => count >= leastExamples).map(([hash]) => hash);
  return descend(examples, start, learned, { ...ofExamples, shares: bothAlike(examples, () => 1) }).weights;
}

function commonWords(examples: readonly Sample[]): ReadonlySet<number> {
  const common = new Set<number>();
  for (const language of new Set(examples.map(({ group }) => group))) {
    const written = examples.filter(({ group }) => group === language);
    if (written.length < leastOfLanguage) continue;
    for (const [hash, count] of countTerms(written, () => true)) {
      if (count > mostOfLanguage * written.length) common.add(hash);
    }
  }
  return common;
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
  return bothAlike(samples, (sample) => (isLetter(sample) ? letterWeight : 1) * (sizes.get(sample.group) ?? 1) ** -0.3);
}
