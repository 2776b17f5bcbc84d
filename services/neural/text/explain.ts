// Why the text network says what it says. Models know hashes only; here the mail is at hand, so its words are known.

import type { Explanation } from "../../../shared/learning/learner.ts";
import { calibrated, probabilityOf } from "./calibrate.ts";
import { type FeatureFacts, newFeatures, phrasesOf, readFeatures, subjectSeed } from "./features.ts";
import { firstLogit, firstModel, termScale } from "./first-model.ts";
import { pair } from "./hash.ts";
import { firstCalibration, readMail } from "./judge.ts";
import { numberBits } from "./lesson.ts";
import { blend, learnedOf, type TextNetwork } from "./network.ts";
import { named } from "./shape.ts";
import { classNames } from "./word-class.ts";
import { newWords } from "./word-list.ts";
import { readWords } from "./words.ts";

const mostMarks = 30;

export function explain(facts: FeatureFacts, network: TextNetwork | null, minLearns: number): Explanation {
  const names = namesOf(facts);
  const weights = new Map<number, number>();
  const { slope, shift } = network ?? firstCalibration();
  const first = addFirst(facts, slope, weights);
  let logit = first;
  if (network !== null) {
    const { hashes } = readMail(facts);
    const numbers = Uint32Array.from(hashes, (hash) => hash >>> (32 - numberBits));
    const learned = learnedOf(network, numbers);
    logit = blend(first, learned.logit, network.lessons, minLearns);
    // What one feature adds: the same share that all of them have.
    const part = slope * blend(0, learned.each, network.lessons, minLearns);
    for (const [i, hash] of hashes.entries()) {
      weights.set(hash, (weights.get(hash) ?? 0) + part * (network.steps[numbers[i] ?? 0] ?? 0));
    }
  }
  const marks = [...weights]
    .map(([hash, weight]) => ({ mark: names.get(hash) ?? "(author, host, file or letters)", weight }))
    .filter(({ weight }) => weight !== 0)
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
  const lessons = network?.lessons ?? { spam: 0, ham: 0 };
  return {
    probability: probabilityOf(calibrated({ slope, shift }, logit)),
    marks: marks.slice(0, mostMarks),
    note: `${marks.length} features known, ${lessons.spam} lessons of spam and ${lessons.ham} of ham beside the first model`,
  };
}

/** Adds what each feature says by the first model, and answers with its logit. */
function addFirst(facts: FeatureFacts, share: number, weights: Map<number, number>): number {
  const model = firstModel();
  const features = newFeatures();
  readFeatures(facts, features);
  const { marks, terms } = features;
  const scale = termScale(terms.size, model.terms);
  for (const hash of marks.hash.subarray(0, marks.count)) weights.set(hash, share * model.weights.get(hash));
  for (const hash of terms.items.subarray(0, terms.size)) weights.set(hash, share * scale * model.weights.get(hash));
  for (const hash of phrasesOf(features)) {
    const weight = model.weights.get(hash);
    if (weight !== 0) weights.set(hash, share * scale * weight);
  }
  return firstLogit(features, model);
}

/** Names of all features of a mail by hash: its words, and runs of up to four. */
function namesOf({ headers, text }: FeatureFacts): ReadonlyMap<number, string> {
  const names = new Map<number, string>([...named].map(([hash, { name }]) => [hash, `[${name}]`]));
  const words = newWords();
  const sources = [headers.subject ?? "", ...text.map((one) => one.text)];
  for (const [index, source] of sources.entries()) {
    words.count = 0;
    readWords(source, words, true);
    const name = (at: number): string => {
      return classNames.get(words.hash[at] ?? 0) ?? source.slice(words.start[at], words.end[at]).toLowerCase();
    };
    for (let at = 0; at < words.count; at++) {
      let hash = words.hash[at] ?? 0;
      let said = name(at);
      for (let length = 1; length <= 4; length++) {
        names.set(hash, said);
        if (index === 0 && length <= 2) names.set(pair(subjectSeed, hash), `subject: ${said}`);
        const next = at + length;
        if (next >= words.count) break;
        hash = pair(hash, words.hash[next] ?? 0);
        said += ` ${name(next)}`;
      }
    }
  }
  return names;
}
