// What composites take away from the symbols that they are made of. Several composites may look at one symbol and want
// different things, so all votes of a pass are collected first and counted then.

import type { Prefix } from "../../shared/expression/symbol-atom.ts";
import type { Policy } from "./composites-config.ts";

/** What one composite wants with one symbol. */
interface Wish {
  /** Take the name out of the verdict. */
  readonly name: boolean;
  /** Take its score off the message. */
  readonly weight: boolean;
  /** Both, whatever others want. */
  readonly forced: boolean;
}

export interface Vote {
  readonly symbol: string;
  readonly wish: Wish;
}

/** `hidden` symbols are not shown, `weightless` ones count nothing; a symbol may be both. */
export interface Removed {
  readonly hidden: ReadonlySet<string>;
  readonly weightless: ReadonlySet<string>;
}

const wishes: Readonly<Record<Policy, Wish>> = {
  default: { name: true, weight: true, forced: false },
  remove_all: { name: true, weight: true, forced: false },
  remove_weight: { name: false, weight: true, forced: false },
  remove_symbol: { name: true, weight: false, forced: false },
  leave: { name: false, weight: false, forced: false },
};

/**
 * Prefixes spare what the policy would take: ~ the name, - name and weight; ^ takes both. So ~g-:policies in BAD_REP_POLICIES
 * shows what spoke for the mail, and takes away its good weight.
 */
export function wishOf(policy: Policy, prefix: Prefix): Wish {
  const wish = wishes[policy];
  switch (prefix) {
    case "":
      return wish;
    case "~":
      return { ...wish, name: false };
    case "-":
      return { name: false, weight: false, forced: false };
    case "^":
      return { name: true, weight: true, forced: true };
  }
}

/** A name or a weight goes when every vote on the symbol wants it gone, or one vote is forced. */
export function countVotes(votes: readonly Vote[]): Removed {
  const results = new Map<string, { name: boolean; weight: boolean; forced: boolean }>();
  for (const { symbol, wish } of votes) {
    const result = results.get(symbol);
    if (!result) results.set(symbol, { ...wish });
    else {
      result.name &&= wish.name;
      result.weight &&= wish.weight;
      result.forced ||= wish.forced;
    }
  }
  const hidden = new Set<string>();
  const weightless = new Set<string>();
  for (const [symbol, { name, weight, forced }] of results) {
    if (name || forced) hidden.add(symbol);
    if (weight || forced) weightless.add(symbol);
  }
  return { hidden, weightless };
}
