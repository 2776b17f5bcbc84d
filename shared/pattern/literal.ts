// Texts without which a pattern cannot match: who does not find them need not try the pattern. They are folded as
// `foldCode` folds; where nothing certain can be said, nothing is said.

import type { Ranges } from "./ranges.ts";
import type { Node } from "./tree.ts";

/** One of these is in every text that matches. */
export type OneOf = readonly string[];

/** Texts of one set, characters of one text, members of a set of characters that is written out, sets of a pattern. */
const limits = { texts: 16, length: 32, members: 8, sets: 2 } as const;
/** Shorter ones stand in every text. */
const shortest = 2;

/** The case that is looked at: capital letters of ASCII are small ones, everything else is itself. */
export function foldCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

interface Known {
  /** All texts that the node matches, folded; null when there are too many. */
  readonly exact: OneOf | null;
  /** What else every text that it matches has in it. */
  readonly needs: readonly OneOf[];
}

/** Every text that the pattern matches meets each of these sets; none when nothing is certain. */
export function requiredLiterals(node: Node): readonly OneOf[] {
  const { exact, needs } = knownOf(node);
  const sets = new Map([...needs, ...(exact === null ? [] : [exact])].map((set) => [set.join("\n"), set]));
  return [...sets.values()]
    .filter((set) => lengthOf(set) >= shortest)
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, limits.sets);
}

const nothing: Known = { exact: null, needs: [] };
const empty: Known = { exact: [""], needs: [] };

function knownOf(node: Node): Known {
  switch (node.kind) {
    case "set":
      return { exact: membersOf(node.ranges), needs: [] };
    case "assert":
      return empty;
    case "back":
      return nothing;
    case "group":
    case "atomic":
      return knownOf(node.node);
    case "look": {
      if (node.negated) return empty;
      const { exact, needs } = knownOf(node.node);
      return { exact: [""], needs: withSet(needs, exact) };
    }
    case "any":
      return ofAlternatives(node.nodes.map(knownOf));
    case "all":
      return ofSequence(node.nodes.map(knownOf));
    case "repeat":
      return ofRepetition(knownOf(node.node), node.min, node.max);
  }
}

function membersOf(ranges: Ranges): readonly string[] | null {
  const members = new Set<string>();
  for (const [from, to] of ranges) {
    if (to - from >= 2 * limits.members) return null;
    for (let code = from; code <= to; code++) members.add(String.fromCodePoint(foldCode(code)));
  }
  return members.size <= limits.members ? [...members] : null;
}

function ofAlternatives(all: readonly Known[]): Known {
  const exact = all.every((one) => one.exact !== null) ? [...new Set(all.flatMap((one) => one.exact ?? []))] : null;
  if (exact !== null && exact.length <= limits.texts) return { exact, needs: [] };
  const best = all.map(({ exact: own, needs }) => withSet(needs, own).reduce(better, null));
  const one = new Set(best.flatMap((set) => set ?? []));
  const isSure = best.every((set) => set !== null) && one.size <= 4 * limits.texts;
  return { exact: null, needs: isSure ? [[...one]] : [] };
}

function ofSequence(all: readonly Known[]): Known {
  let whole = true;
  let run: OneOf = [""];
  let found: readonly OneOf[] = [];
  for (const { exact, needs } of all) {
    if (needs.length > 0) found = [...found, ...needs];
    const longer = exact === null ? null : product(run, exact);
    if (longer !== null) {
      run = longer;
      continue;
    }
    whole = false;
    found = withSet(found, run);
    run = exact ?? [""];
  }
  return whole ? { exact: run, needs: found } : { exact: null, needs: withSet(found, run) };
}

function ofRepetition({ exact, needs }: Known, min: number, max: number): Known {
  if (min === 0) return exact !== null && max === 1 ? { exact: [...new Set([...exact, ""])], needs: [] } : nothing;
  let run: OneOf | null = exact === null ? null : [""];
  if (exact !== null && min <= limits.length) for (let i = 0; i < min && run !== null; i++) run = product(run, exact);
  else run = null;
  if (run !== null && min === max) return { exact: run, needs };
  return { exact: null, needs: withSet(needs, run ?? exact) };
}

/** A set with an empty text says nothing. */
function withSet(sets: readonly OneOf[], set: OneOf | null): readonly OneOf[] {
  return set !== null && lengthOf(set) > 0 ? [...sets, set] : sets;
}

/** Each text of one followed by each of the other; null when that is too much. */
function product(before: OneOf, behind: OneOf): OneOf | null {
  if (before.length * behind.length > limits.texts) return null;
  const out = new Set<string>();
  for (const start of before) {
    for (const end of behind) {
      if (start.length + end.length > limits.length) return null;
      out.add(start + end);
    }
  }
  return [...out];
}

/** The set that fewer texts meet: longer is better, and fewer are. */
function better(a: OneOf | null, b: OneOf): OneOf {
  return a !== null && worth(a) >= worth(b) ? a : b;
}

function lengthOf(texts: OneOf): number {
  return texts.reduce((length, text) => Math.min(length, text.length), texts.length === 0 ? 0 : limits.length);
}

function worth(texts: OneOf): number {
  return 4 * Math.min(lengthOf(texts), 8) - texts.length;
}
