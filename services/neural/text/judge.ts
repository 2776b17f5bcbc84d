// What the text network says of a mail: the first model, and what was learned here.

import { type Calibration, calibrated } from "./calibrate.ts";
import { type FeatureFacts, newFeatures, readFeatures } from "./features.ts";
import { firstLogit, firstModel } from "./first-model.ts";
import { numberBits } from "./lesson.ts";
import { blend, learnedOf, type TextNetwork } from "./network.ts";
import { addPlaces, addRuns } from "./places.ts";
import { addRawRuns } from "./raw-runs.ts";

/** One for all mails: it is read and used up within one turn. */
const features = newFeatures();

export interface Reading {
  /** Log odds by the first model, before calibration. */
  readonly first: number;
  /** Hashes of all that can be learned of the mail, each once. Valid until the next reading. */
  readonly hashes: Int32Array;
}

/** Reads a mail for a lesson, or to be judged by what was learned. */
export function readMail(facts: FeatureFacts): Reading {
  readFeatures(facts, features);
  const first = firstLogit(features, firstModel());
  const { terms, marks } = features;
  for (let i = 0; i < marks.count; i++) terms.add(marks.hash[i] ?? 0);
  addPlaces(facts, terms);
  addRuns(facts.headers.subject ?? "", terms);
  addRuns(facts.text[0]?.text ?? "", terms);
  addRawRuns(facts, terms);
  return { first, hashes: terms.items.subarray(0, terms.size) };
}

/** Calibrated log odds of spam. */
export function judgeText(facts: FeatureFacts, network: TextNetwork | null, minLearns: number): number {
  if (network === null) {
    readFeatures(facts, features);
    return calibrated(firstCalibration(), firstLogit(features, firstModel()));
  }
  const { first, hashes } = readMail(facts);
  const numbers = new Uint32Array(hashes.length);
  for (let i = 0; i < hashes.length; i++) numbers[i] = (hashes[i] ?? 0) >>> (32 - numberBits);
  return calibrated(network, blend(first, learnedOf(network, numbers).logit, network.lessons, minLearns));
}

export function firstCalibration(): Calibration {
  const { slope, shift } = firstModel();
  return { slope, shift };
}
