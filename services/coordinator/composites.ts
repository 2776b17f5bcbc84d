// Composites: symbols made of other symbols. They run when the classifiers are done, and those that look at symbols of
// the stage `post` once more behind it. What they take away is voted on: see removals.ts.

import type { Hit, Stage } from "../../shared/check.ts";
import type { Expression } from "../../shared/expression/expression.ts";
import { affirmedAtoms, atoms, evaluate } from "../../shared/expression/expression.ts";
import { parse } from "../../shared/expression/parse.ts";
import type { SymbolAtom } from "../../shared/expression/symbol-atom.ts";
import { symbolSyntax } from "../../shared/expression/symbol-atom.ts";
import { Fault } from "../../shared/fault.ts";
import type { CompositeConfig } from "./composites-config.ts";
import { inOrder } from "./composites-order.ts";
import type { PresentSymbols, SymbolStanding } from "./present-symbols.ts";
import { addHit, holds, matching, presentSymbols } from "./present-symbols.ts";
import type { Removed, Vote } from "./removals.ts";
import { countVotes, wishOf } from "./removals.ts";

/** A symbol that a check declares. */
export interface DeclaredSymbol {
  readonly name: string;
  readonly stage: Stage;
  readonly groups: readonly string[];
}

/** The first pass follows the stage `classify`, the second one `post`. */
export type Pass = 1 | 2;

export interface Composite {
  readonly name: string;
  readonly score: number;
  readonly group: string;
  readonly about: string;
  readonly policy: CompositeConfig["policy"];
  readonly pass: Pass;
  readonly expression: Expression<SymbolAtom>;
  /** Atoms whose symbols it may take away. */
  readonly affirmed: readonly SymbolAtom[];
  /** Every symbol and group that it looks at. */
  readonly atoms: readonly SymbolAtom[];
}

export interface Composites {
  /** A composite stands behind those that it refers to. */
  readonly list: readonly Composite[];
  /** Composites, by their place in `list`, that a symbol or a member of a group can make true. */
  readonly bySymbol: ReadonlyMap<string, readonly number[]>;
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  /** Composites that hold when nothing fired at all. */
  readonly always: readonly number[];
  /** Passes that have composites. */
  readonly passes: ReadonlySet<Pass>;
}

export interface Compiled {
  readonly composites: Composites;
  /** `bad-config`, one for each composite that cannot be; it is left out. */
  readonly faults: readonly Fault[];
}

/** Reads all composites; `declared` are the symbols of every check there is. */
export function compileComposites(
  configs: Readonly<Record<string, CompositeConfig>>,
  declared: Iterable<DeclaredSymbol>,
): Compiled {
  const faults: Fault[] = [];
  const symbols = new Map([...declared].map((symbol) => [symbol.name, symbol]));
  const read = new Map<string, Omit<Composite, "pass">>();
  for (const [name, config] of Object.entries(configs)) {
    if (!config.enabled) continue;
    const place = `composites.${name}`;
    const expression = parse(config.expression, symbolSyntax);
    if (expression instanceof Fault) {
      faults.push(new Fault("bad-config", `${place}.expression: ${expression.message}`));
    } else if (symbols.has(name)) {
      faults.push(new Fault("bad-config", `${place}: a check raises this symbol already`));
    } else {
      const { score, group, policy, description } = config;
      read.set(name, {
        name,
        score,
        group,
        policy,
        // Who reads a verdict wants to know what the symbol means.
        about: description === "" ? config.expression : description,
        expression,
        affirmed: affirmedAtoms(expression),
        atoms: atoms(expression),
      });
    }
  }
  const order = inOrder([...read.values()]);
  faults.push(...order.faults);
  const groupsOfPost = new Set<string>();
  for (const symbol of symbols.values()) {
    if (isLate(symbol)) for (const group of symbol.groups) groupsOfPost.add(group);
  }
  const late = new Set<string>();
  const list: Composite[] = [];
  for (const composite of order.list) {
    const isSecond = composite.atoms.some((atom) => {
      if (atom.kind === "group") return groupsOfPost.has(atom.name);
      const symbol = symbols.get(atom.name);
      return late.has(atom.name) || (symbol !== undefined && isLate(symbol));
    });
    if (isSecond) {
      late.add(composite.name);
      groupsOfPost.add(composite.group);
    }
    list.push({ ...composite, pass: isSecond ? 2 : 1 });
  }
  return { composites: indexed(list), faults };
}

function isLate(symbol: DeclaredSymbol): boolean {
  return symbol.stage === "post" || symbol.stage === "idle";
}

function indexed(list: readonly Composite[]): Composites {
  const bySymbol = new Map<string, number[]>();
  const byGroup = new Map<string, number[]>();
  const always: number[] = [];
  list.forEach((composite, place) => {
    for (const atom of composite.atoms) {
      const index = atom.kind === "group" ? byGroup : bySymbol;
      const places = index.get(atom.name) ?? [];
      if (places.at(-1) !== place) places.push(place);
      index.set(atom.name, places);
    }
    if (evaluate(composite.expression, () => 0) !== 0) always.push(place);
  });
  return { list, bySymbol, byGroup, always, passes: new Set(list.map(({ pass }) => pass)) };
}

/** What a pass adds, and what it takes away from symbols of the message, the added ones among them. */
export interface Applied extends Removed {
  readonly added: readonly Hit[];
}

const nothing: Applied = { added: [], hidden: new Set(), weightless: new Set() };

/**
 * Runs the composites of one pass. `hits` are all hits so far: of the second pass also those that the first one added
 * or took away, for what a composite removes is hidden from the verdict and not from other composites.
 * `standing` tells of any symbol; `isOff` names composites that settings switch off.
 */
export function applyComposites(
  composites: Composites,
  pass: Pass,
  hits: readonly Hit[],
  standing: (symbol: string) => SymbolStanding,
  isOff: (composite: Composite) => boolean = () => false,
): Applied {
  if (!composites.passes.has(pass)) return nothing;
  const present = presentSymbols(hits, standing, (group) => composites.byGroup.has(group));
  /** By place in the list: 1 for what may hold. What a composite adds can only concern those behind it. */
  const candidates = new Uint8Array(composites.list.length);
  for (const place of composites.always) candidates[place] = 1;
  for (const symbol of present.options.keys()) note(candidates, composites.bySymbol.get(symbol));
  for (const group of present.members.keys()) note(candidates, composites.byGroup.get(group));
  const added: Hit[] = [];
  const votes: Vote[] = [];
  for (let place = candidates.indexOf(1); place >= 0; place = candidates.indexOf(1, place + 1)) {
    const composite = composites.list[place];
    if (composite?.pass !== pass || present.options.has(composite.name) || isOff(composite)) continue;
    if (!isTrue(composite, present)) continue;
    const { name, policy, group, affirmed } = composite;
    for (const atom of affirmed) {
      const wish = wishOf(policy, atom.prefix);
      for (const symbol of matching(present, atom, name)) votes.push({ symbol, wish });
    }
    const hit: Hit = { symbol: name };
    added.push(hit);
    addHit(present, hit, [group]);
    note(candidates, composites.bySymbol.get(name));
    note(candidates, composites.byGroup.get(group));
  }
  return { added, ...countVotes(votes) };
}

function note(candidates: Uint8Array, places: readonly number[] | undefined): void {
  if (places !== undefined) for (const place of places) candidates[place] = 1;
}

function isTrue({ expression, name }: Composite, present: PresentSymbols): boolean {
  return evaluate(expression, (atom) => (holds(present, atom, name) ? 1 : 0)) !== 0;
}
