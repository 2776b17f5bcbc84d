// What the thread does: turns the lessons of the text into a network that is fit to be published, and trains networks over
// symbols. Pure: plain data in, plain data out.

import { encodeSymbols } from "./symbols/network.ts";
import { type SymbolLesson, type TrainOptions, trainSymbols } from "./symbols/train.ts";
import type { Calibration } from "./text/calibrate.ts";
import { decodeNetwork, encodeNetwork, quantise, type TextNetwork } from "./text/network.ts";
import { calibrationOf, isWorse, unpackTrials } from "./text/trials.ts";

export interface TextWork {
  readonly kind: "text";
  /** Two counters for each feature: what lessons of spam and of ham added. */
  readonly counters: Uint32Array;
  readonly lessons: TextNetwork["lessons"];
  /** The network that is published now, encoded; null when there is none. */
  readonly before: Uint8Array | null;
  /** Packed. */
  readonly trials: Uint8Array;
  readonly calibration: Calibration;
  readonly minLearns: number;
}

export interface SymbolsWork {
  readonly kind: "symbols";
  readonly lessons: readonly SymbolLesson[];
  readonly before: Uint8Array | null;
  readonly options: TrainOptions;
}

export type Work = TextWork | SymbolsWork;

/** The encoded network, or why it must not be published. */
export type Made = { readonly network: Uint8Array } | { readonly refused: string };

/** A counter of 1 is this part of a weight of 1. */
export const unit = 128;

export function doWork(work: Work): Made {
  return work.kind === "text" ? makeText(work) : makeSymbols(work);
}

function makeText({ counters, lessons, before, trials: packed, calibration, minLearns }: TextWork): Made {
  const weights = new Float32Array(counters.length / 2);
  for (let i = 0; i < weights.length; i++) {
    weights[i] = ((counters[2 * i] ?? 0) - (counters[2 * i + 1] ?? 0)) / unit;
  }
  const trials = unpackTrials(packed);
  const network = { lessons, ...calibrationOf(trials, calibration, lessons), ...quantise(weights) };
  const known = before === null ? null : decodeNetwork(before);
  if (isWorse(network, known, trials, minLearns)) return { refused: "it does worse on lessons that were held back" };
  return { network: encodeNetwork(network) };
}

function makeSymbols({ lessons, before, options }: SymbolsWork): Made {
  const network = trainSymbols(lessons, before, options);
  return network === null
    ? { refused: "it does worse on lessons that were held back" }
    : { network: encodeSymbols(network) };
}
