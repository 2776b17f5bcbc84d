// All rules of a configuration, put together: equal atoms are one, and the patterns that look at the same place share one
// search for the texts without which they cannot match.

import type { Expression } from "../../shared/expression/expression.ts";
import { Fault } from "../../shared/fault.ts";
import { type LiteralSearch, openLiteralSearch } from "../../shared/pattern/literal-search.ts";
import type { RuleAtom } from "./atom.ts";
import { type RegexpConfig, readExpression } from "./config.ts";
import { keyOf, type Source } from "./sources.ts";

export interface CompiledRule {
  readonly name: string;
  /** Over places in `atoms`. */
  readonly expression: Expression<number>;
}

/** Patterns that look at the same texts. */
export interface Group {
  readonly source: Source;
  readonly search: LiteralSearch | null;
  /** By literal of the search, the sets that it meets: pairs of an atom and the bit of one of its sets. */
  readonly meets: readonly (readonly number[])[];
  /** By atom the bits of all its sets. */
  readonly complete: ReadonlyMap<number, number>;
  /** Atoms that no literal rules out. */
  readonly always: readonly number[];
}

export interface Ruleset {
  readonly rules: readonly CompiledRule[];
  readonly atoms: readonly RuleAtom[];
  readonly groups: readonly Group[];
  /** By atom the place of its group; -1 for functions. */
  readonly groupOf: Int32Array;
}

/** For fewer patterns than this a search of its own does not pay. */
const fewPatterns = 4;

/** `raw` chooses the rules that look at the bytes of the message, or the others. `prefilter` off: each pattern is tried. */
export function makeRuleset(config: RegexpConfig, raw: boolean, prefilter = true): Ruleset {
  const places = new Map<string, number>();
  const atoms: RuleAtom[] = [];
  const rules: CompiledRule[] = [];
  for (const [name, { re, needsRaw }] of Object.entries(config.rules)) {
    if (needsRaw !== raw) continue;
    const expression = readExpression(re, () => {});
    // What cannot be read was refused with its place when the configuration was.
    if (expression instanceof Fault) continue;
    rules.push({ name, expression: mapAtoms(expression, (atom) => placeOf(atom, atoms, places)) });
  }
  return { rules, atoms, ...groupsOf(atoms, prefilter) };
}

function mapAtoms(expression: Expression<RuleAtom>, place: (atom: RuleAtom) => number): Expression<number> {
  switch (expression.kind) {
    case "atom":
      return { kind: "atom", atom: place(expression.atom) };
    case "number":
      return expression;
    case "not":
      return { kind: "not", operand: mapAtoms(expression.operand, place) };
    case "binary":
      return { ...expression, left: mapAtoms(expression.left, place), right: mapAtoms(expression.right, place) };
  }
}

function placeOf(atom: RuleAtom, atoms: RuleAtom[], places: Map<string, number>): number {
  const key =
    atom.kind === "pattern" ? `${keyOf(atom.source)} ${atom.count} ${atom.written}` : `function ${atoms.length}`;
  const known = places.get(key);
  if (known !== undefined) return known;
  places.set(key, atoms.length);
  atoms.push(atom);
  return atoms.length - 1;
}

function groupsOf(atoms: readonly RuleAtom[], prefilter: boolean): Pick<Ruleset, "groups" | "groupOf"> {
  const groupOf = new Int32Array(atoms.length).fill(-1);
  const members = new Map<string, { source: Source; places: number[] }>();
  atoms.forEach((atom, place) => {
    if (atom.kind !== "pattern") return;
    const key = keyOf(atom.source);
    const group = members.get(key) ?? { source: atom.source, places: [] };
    members.set(key, group);
    group.places.push(place);
  });
  const groups = [...members.values()].map(({ source, places }, index) => {
    for (const place of places) groupOf[place] = index;
    return makeGroup(source, places, atoms, prefilter);
  });
  return { groups, groupOf };
}

function makeGroup(source: Source, places: readonly number[], atoms: readonly RuleAtom[], prefilter: boolean): Group {
  const literals = new Map<string, number[]>();
  const complete = new Map<number, number>();
  const always: number[] = [];
  let isWorth = places.length >= fewPatterns;
  for (const place of places) {
    const atom = atoms[place];
    if (atom?.kind !== "pattern" || atom.pattern.literals.length === 0) {
      always.push(place);
      continue;
    }
    if (!atom.pattern.linear) isWorth = true;
    complete.set(place, (1 << atom.pattern.literals.length) - 1);
    atom.pattern.literals.forEach((set, at) => {
      for (const literal of set) {
        const pairs = literals.get(literal) ?? [];
        literals.set(literal, pairs);
        pairs.push(place, 1 << at);
      }
    });
  }
  if (!prefilter || !isWorth || literals.size === 0) {
    return { source, search: null, meets: [], complete: new Map(), always: places };
  }
  return { source, search: openLiteralSearch([...literals.keys()]), meets: [...literals.values()], complete, always };
}
