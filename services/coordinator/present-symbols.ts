// The symbols of one message, as the atoms of composites and forced actions ask for them.

import type { Hit } from "../../shared/check.ts";
import type { SymbolAtom } from "../../shared/expression/symbol-atom.ts";
import { optionsMeet } from "../../shared/expression/symbol-atom.ts";

/** Score and groups of a symbol as the task's settings have them. */
export interface SymbolStanding {
  readonly score: number;
  readonly groups: readonly string[];
}

export interface PresentSymbols {
  readonly standing: (symbol: string) => SymbolStanding;
  /** By symbol the options of all its hits. */
  readonly options: Map<string, readonly string[]>;
  /** By group the symbols that are present, of the groups that somebody looks at. */
  readonly members: Map<string, string[]>;
  readonly isWatched: (group: string) => boolean;
}

/** `standing` tells of any symbol, declared or not; `isWatched` which groups an atom may ask for. */
export function presentSymbols(
  hits: readonly Hit[],
  standing: (symbol: string) => SymbolStanding,
  isWatched: (group: string) => boolean = () => true,
): PresentSymbols {
  const present = { standing, options: new Map(), members: new Map(), isWatched };
  for (const hit of hits) addHit(present, hit);
  return present;
}

const none: readonly string[] = [];

/** Adds a hit; `groups` are those of its symbol that `standing` may not know. */
export function addHit(present: PresentSymbols, hit: Hit, groups: readonly string[] = []): void {
  const known = present.options.get(hit.symbol);
  const options = hit.options ?? none;
  if (known) {
    if (options.length > 0) present.options.set(hit.symbol, [...known, ...options]);
    return;
  }
  present.options.set(hit.symbol, options);
  for (const group of present.standing(hit.symbol).groups) join(present, group, hit.symbol);
  for (const group of groups) join(present, group, hit.symbol);
}

function join(present: PresentSymbols, group: string, symbol: string): void {
  if (!present.isWatched(group)) return;
  const members = present.members.get(group);
  if (!members) present.members.set(group, [symbol]);
  else if (members.at(-1) !== symbol) members.push(symbol);
}

/** Whether the atom holds for some symbol. `asker` does not see itself among the members of a group. */
export function holds(present: PresentSymbols, atom: SymbolAtom, asker = ""): boolean {
  if (atom.kind === "symbol") {
    const options = present.options.get(atom.name);
    return options !== undefined && optionsMeet(atom.options, options);
  }
  for (const symbol of present.members.get(atom.name) ?? []) if (counts(present, atom.sign, symbol, asker)) return true;
  return false;
}

/** The symbols for which the atom holds. */
export function matching(present: PresentSymbols, atom: SymbolAtom, asker = ""): readonly string[] {
  if (atom.kind === "symbol") return holds(present, atom) ? [atom.name] : [];
  return (present.members.get(atom.name) ?? []).filter((symbol) => counts(present, atom.sign, symbol, asker));
}

function counts(present: PresentSymbols, sign: number, symbol: string, asker: string): boolean {
  return symbol !== asker && (sign === 0 || present.standing(symbol).score * sign > 0);
}
