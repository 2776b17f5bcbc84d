// Features with a name of their own: what a mail looks like, whatever it says. Each has the weight that experience with mail
// of many years suggests; the training of the first model moves it only as far as the development mail insists.

import { nameHash } from "./hash.ts";

/** Name and prior weight (log odds towards spam) of each named feature, by its hash. */
export const named = new Map<number, { readonly name: string; readonly prior: number }>();

/** Declares a feature; answers with its hash. */
export function feature(name: string, prior: number): number {
  const hash = nameHash(`shape:${name}`);
  named.set(hash, { name, prior });
  return hash;
}

/** Features for the steps that a number has reached: each adds to the ones before. */
export interface Ladder {
  readonly steps: readonly number[];
  readonly hashes: readonly number[];
}

/** Declares a feature for each step: [number, prior weight]. */
export function ladder(name: string, steps: readonly (readonly [number, number])[]): Ladder {
  return {
    steps: steps.map(([step]) => step),
    hashes: steps.map(([step, prior]) => feature(`${name} from ${step}`, prior)),
  };
}

/** Named features of one message. */
export interface Marks {
  readonly hash: Int32Array;
  count: number;
}

export function newMarks(): Marks {
  return { hash: new Int32Array(256), count: 0 };
}

/** Counts once, however often it is said. */
export function mark(marks: Marks, hash: number): void {
  const { count } = marks;
  for (let i = 0; i < count; i++) if (marks.hash[i] === hash) return;
  if (count < marks.hash.length) marks.hash[marks.count++] = hash;
}

export function climb(marks: Marks, { steps, hashes }: Ladder, value: number): void {
  for (let index = 0; index < steps.length; index++) {
    if (value < (steps[index] ?? 0)) return;
    mark(marks, hashes[index] ?? 0);
  }
}
