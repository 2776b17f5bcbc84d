// What a pattern is made of.

import type { Ranges } from "./ranges.ts";

export type Assertion = "start" | "end" | "line-start" | "line-end" | "word" | "no-word";

export type Node =
  /** One character of these. */
  | { readonly kind: "set"; readonly ranges: Ranges }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "all"; readonly nodes: readonly Node[] }
  | { readonly kind: "any"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  /** A group that a back-reference may name; numbered from 1 in the order of their parentheses. */
  | { readonly kind: "group"; readonly index: number; readonly node: Node }
  | { readonly kind: "back"; readonly index: number }
  | { readonly kind: "look"; readonly ahead: boolean; readonly negated: boolean; readonly node: Node }
  /** Matches in one way and never takes it back. */
  | { readonly kind: "atomic"; readonly node: Node };

export interface Flags {
  readonly ignoreCase: boolean;
  /** ^ and $ hold at line ends too. */
  readonly multiline: boolean;
  /** A dot is a line end too. */
  readonly dotAll: boolean;
  /** Blanks and comments in the pattern mean nothing. */
  readonly extended: boolean;
}

/** A pattern that cannot be read; its message says at which character, from 1. */
export class PatternError extends Error {}
