// A verdict is closed when no score that is still possible can change the action. Then a heavy check need not be asked.

import type { Check } from "../../shared/check.ts";
import { atoms } from "../../shared/expression/expression.ts";
import type { SymbolAtom } from "../../shared/expression/symbol-atom.ts";
import type { Composites } from "./composites.ts";
import { type ActionRule, actionFor } from "./decide.ts";
import type { ForceRule } from "./force-actions.ts";
import type { Scored, Weights } from "./scores.ts";

export interface Undecided {
  /** Checks that have not answered yet, of the stages that come before the verdict. */
  readonly pending: readonly Check[];
  readonly composites: Composites;
  readonly forceRules: readonly ForceRule[];
  readonly weights: Weights;
  readonly rules: readonly ActionRule[];
}

/** Whether the action is certain. `standing` is the score of what has fired so far, with no grow factor. */
export function isClosed(standing: Scored, { pending, composites, forceRules, weights, rules }: Undecided): boolean {
  let low = standing.score;
  let high = standing.score;
  const possible = new Set<string>();
  const groups = new Set<string>();
  if (standing.taught || pending.some(({ symbols }) => Object.values(symbols).some(({ taught }) => taught))) {
    // An opinion may come, or be taken away by composites: then something is taken back, or no longer.
    const change = standing.taught ? -standing.doubted : standing.doubted;
    low += Math.min(0, change);
    high += Math.max(0, change);
  }
  for (const check of pending) {
    for (const [symbol, { decides }] of Object.entries(check.symbols)) {
      // What a check of `post` decides, it decides by the verdict as it stands.
      if (decides && check.stage !== "post") return false;
      const { score, factor, shots, groups: own } = weights.of(symbol);
      const most = score * factor * shots;
      if (most > 0) high += most;
      else low += most;
      possible.add(symbol);
      for (const group of own) groups.add(group);
    }
  }
  const swing = swingOf(composites, possible, groups, standing);
  const watches = (atom: SymbolAtom) => (atom.kind === "group" ? groups : possible).has(atom.name);
  if (forceRules.some(({ expression }) => atoms(expression).some(watches))) return false;
  return actionFor(low - swing, rules) === actionFor(high + swing, rules);
}

/** The most that composites which look at symbols that may still come can add or take away. */
function swingOf(composites: Composites, possible: Set<string>, groups: Set<string>, standing: Scored): number {
  let swing = 0;
  // A composite stands behind those it refers to, so one pass sees chains.
  for (const composite of composites.list) {
    if (!composite.atoms.some((atom) => (atom.kind === "group" ? groups : possible).has(atom.name))) continue;
    possible.add(composite.name);
    groups.add(composite.group);
    swing += Math.abs(composite.score);
    for (const symbol of standing.symbols) {
      const named = composite.affirmed.some((atom) =>
        atom.kind === "group" ? symbol.group === atom.name : symbol.name === atom.name,
      );
      if (named) swing += Math.abs(symbol.score);
    }
  }
  return swing;
}
