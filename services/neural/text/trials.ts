// What a new network is tried with before it is published: lessons that are held back from learning, and for calibration how
// each of the latest lessons was judged before it was learned.

import { Packr } from "msgpackr";
import { type Calibration, calibrate, type Judgement } from "./calibrate.ts";
import { blend, learnedOf, type TextNetwork } from "./network.ts";

export interface HeldLesson {
  readonly spam: boolean;
  readonly first: number;
  readonly numbers: Uint32Array;
  /** Lessons that had been given when it was held back. */
  readonly at: number;
}

export interface Trials {
  readonly held: readonly HeldLesson[];
  readonly judged: readonly Judgement[];
}

/** Lessons that are held back at most, and lessons given since after which one says nothing any more. */
const mostHeld = 200;
const oldest = 1_000;
/** Features of all of them together: four bytes each, and all trials are one value of the store, of 1 MB at most. */
export const mostHeldFeatures = 200_000;
/** Judgements of each label for calibration: the latest. Somebody may teach all ham first and then all spam. */
const mostJudged = 250;
/** Of each label, before probabilities are calibrated by them. */
const fewestJudged = 25;
/** Held lessons without which no network is refused. */
const fewestHeld = 20;
/** A network may be worse by so much, in parts and in log loss: chance. */
const tolerance = 1.1;
const slack = 0.01;

export const noTrials: Trials = { held: [], judged: [] };

const packr = new Packr({ useRecords: false });

export function packTrials({ held, judged }: Trials): Uint8Array {
  return packr.pack({
    held: held.map(({ spam, first, numbers, at }) => [
      spam,
      first,
      Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength),
      at,
    ]),
    judged: judged.map(({ spam, logit }) => [spam, logit]),
  });
}

/** Only `packTrials` writes such bytes. */
export function unpackTrials(bytes: Uint8Array): Trials {
  const { held, judged } = packr.unpack(bytes) as {
    held: [boolean, number, Uint8Array, number][];
    judged: [boolean, number][];
  };
  return {
    held: held.map(([spam, first, numbers, at]) => ({
      spam,
      first,
      numbers: new Uint32Array(new Uint8Array(numbers).buffer),
      at,
    })),
    judged: judged.map(([spam, logit]) => ({ spam, logit })),
  };
}

export function withJudgement(trials: Trials, judgement: Judgement): Trials {
  const judged = [...trials.judged, judgement];
  const isAlike = ({ spam }: Judgement) => spam === judgement.spam;
  if (judged.filter(isAlike).length > mostJudged) judged.splice(judged.findIndex(isAlike), 1);
  return { ...trials, judged };
}

export function withHeld(trials: Trials, lesson: HeldLesson): Trials {
  const fresh = trials.held.filter(({ at }) => lesson.at - at < oldest).slice(1 - mostHeld);
  return { ...trials, held: latest([...fresh, lesson]) };
}

/** The latest lessons, as many as may be kept together: long mails push out more than short ones. */
function latest(held: readonly HeldLesson[]): readonly HeldLesson[] {
  let features = 0;
  const tooOld = held.findLastIndex(({ numbers }) => {
    features += numbers.length;
    return features > mostHeldFeatures;
  });
  return held.slice(tooOld + 1);
}

export function withoutHeld(trials: Trials, numbers: Uint32Array): Trials {
  const isOther = (held: HeldLesson) =>
    Buffer.compare(Buffer.from(held.numbers.buffer), Buffer.from(numbers.buffer)) !== 0;
  return { ...trials, held: trials.held.filter(isOther) };
}

/** Mean log loss of a network over the lessons that are held back; `null` is the first model alone. */
export function lossOf(network: TextNetwork | null, held: readonly HeldLesson[], minLearns: number): number {
  let loss = 0;
  for (const { spam, first, numbers } of held) {
    const logit =
      network === null ? first : blend(first, learnedOf(network, numbers).logit, network.lessons, minLearns);
    loss += Math.log1p(Math.exp(spam ? -logit : logit));
  }
  return loss / Math.max(1, held.length);
}

/** Whether a network does worse than the one before, by more than chance. */
export function isWorse(network: TextNetwork, before: TextNetwork | null, trials: Trials, minLearns: number): boolean {
  const total = network.lessons.spam + network.lessons.ham;
  const held = trials.held.filter(({ at }) => total - at < oldest);
  if (held.length < fewestHeld) return false;
  return lossOf(network, held, minLearns) > lossOf(before, held, minLearns) * tolerance + slack;
}

/**
 * The calibration of the latest judgements, held to the one of the first model while there are few. Of the labels each counts
 * as much as it has lessons.
 */
export function calibrationOf({ judged }: Trials, before: Calibration, lessons: TextNetwork["lessons"]): Calibration {
  const spam = judged.filter((one) => one.spam).length;
  const ham = judged.length - spam;
  if (Math.min(spam, ham) < fewestJudged) return before;
  const share = judged.length / (lessons.spam + lessons.ham);
  const weights = { spam: (lessons.spam * share) / spam, ham: (lessons.ham * share) / ham };
  return calibrate(
    judged,
    judged.map((one) => (one.spam ? weights.spam : weights.ham)),
    before,
  );
}
