// A pattern while it is read.

import { type Flags, PatternError } from "./tree.ts";

export interface Limits {
  /** Characters of a pattern. */
  readonly length: number;
  /** Groups within one another. */
  readonly depth: number;
  /** Repetitions of one thing. */
  readonly repeat: number;
}

export const defaultLimits: Limits = { length: 16_384, depth: 64, repeat: 65_535 };

export interface Reader {
  readonly source: string;
  readonly limits: Limits;
  at: number;
  flags: Flags;
  groups: number;
  readonly names: Map<string, number>;
  /** Highest group that is referred to, and where. */
  referred: { readonly index: number; readonly at: number };
}

export function wrong(place: { readonly at: number }, problem: string): PatternError {
  return new PatternError(`character ${place.at + 1} of the pattern: ${problem}`);
}

/** Whether the sticky pattern matches here; then it is behind. */
export function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source);
  if (found) reader.at += found[0].length;
  return found;
}
