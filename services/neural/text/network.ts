// The network that was learned here, as it is published: one byte a weight. All processes judge by it; it is never changed,
// only replaced.
//
//   "SLTN"  u8 schema of the features  u8 version of this form  u16 zero
//   u32 lessons of spam  u32 lessons of ham  f32 slope  f32 shift  f32 weight of a step
//   then i8 steps for each of 2^18 features; numbers are little-endian

import { Fault } from "../../../shared/fault.ts";
import { schema } from "./features.ts";
import { numberBits } from "./lesson.ts";

const magic = 0x4e544c53;
const version = 1;
const head = 28;
export const cells = 2 ** numberBits;
const mostSteps = 127;

export interface TextNetwork {
  readonly lessons: { readonly spam: number; readonly ham: number };
  /** Calibration: the log odds are `slope * logit + shift`. */
  readonly slope: number;
  readonly shift: number;
  readonly step: number;
  readonly steps: Int8Array;
}

/** Weights to a byte each; the largest gets all the steps. */
export function quantise(weights: Float32Array): Pick<TextNetwork, "step" | "steps"> {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) largest = Math.max(largest, Math.abs(weights[i] ?? 0));
  const step = largest / mostSteps || 1;
  const steps = new Int8Array(weights.length);
  for (let i = 0; i < weights.length; i++) steps[i] = Math.round((weights[i] ?? 0) / step);
  return { step, steps };
}

export function encodeNetwork({ lessons, slope, shift, step, steps }: TextNetwork): Uint8Array {
  const bytes = new Uint8Array(head + steps.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint8(4, schema);
  view.setUint8(5, version);
  view.setUint32(8, lessons.spam, true);
  view.setUint32(12, lessons.ham, true);
  view.setFloat32(16, slope, true);
  view.setFloat32(20, shift, true);
  view.setFloat32(24, step, true);
  bytes.set(new Uint8Array(steps.buffer, steps.byteOffset, steps.length), head);
  return bytes;
}

/** Faults with `bad-input` when the bytes are no network of this schema. */
export function decodeNetwork(bytes: Uint8Array): TextNetwork {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length === head + cells && view.getUint32(0, true) === magic;
  if (!whole || view.getUint8(4) !== schema || view.getUint8(5) !== version) {
    throw new Fault("bad-input", "this is no text network of this version");
  }
  return {
    lessons: { spam: view.getUint32(8, true), ham: view.getUint32(12, true) },
    slope: view.getFloat32(16, true),
    shift: view.getFloat32(20, true),
    step: view.getFloat32(24, true),
    steps: new Int8Array(new Uint8Array(bytes.subarray(head)).buffer),
  };
}

/** Share of a mail's features that must be known before all counts that was learned against it. */
const enough = 0.8;

/**
 * How much of what was learned counts for a mail, 0 to 1. Of a kind of mail that nobody taught few features are known, and by
 * chance: a few that it shares with taught spam must not reject it. What speaks for it always counts.
 */
export function familiarity(sum: number, known: number, features: number): number {
  return sum <= 0 ? 1 : Math.min(1, (known + 1) / (enough * features + 1)) ** 2;
}

export interface Learned {
  /** Log odds, before calibration. */
  readonly logit: number;
  /** What one step of one feature adds to them. */
  readonly each: number;
}

/** What the lessons of this place say of a mail. */
export function learnedOf({ step, steps }: Pick<TextNetwork, "step" | "steps">, numbers: Uint32Array): Learned {
  let sum = 0;
  let known = 0;
  for (const number of numbers) {
    const by = steps[number] ?? 0;
    sum += by;
    if (by !== 0) known++;
  }
  const each = (step * familiarity(sum, known, numbers.length)) / Math.sqrt(numbers.length + 1);
  return { logit: sum * each, each };
}

/** Lessons of the rarer label after which the first model counts for three quarters, then ever nearer to half. */
const firstLasts = 100;

/**
 * What the first model counts for when a lesson is weighed. Less than in a verdict: lessons teach what it knows already too,
 * and not only where it errs, or one mistake of either would decide.
 */
export function firstShare({ spam, ham }: TextNetwork["lessons"]): number {
  return 0.5 + (0.5 * firstLasts) / (firstLasts + Math.min(spam, ham));
}

/**
 * Both together. The first model counts in full however much was learned: new kinds of mail keep coming that nobody taught.
 * With few lessons of a label the network leans on it alone, for it has not seen the other side.
 */
export function blend(first: number, learned: number, lessons: TextNetwork["lessons"], minLearns: number): number {
  const fewest = Math.min(lessons.spam, lessons.ham);
  return first + Math.min(1, (fewest + 1) / (minLearns + 1)) * learned;
}
