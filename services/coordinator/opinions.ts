// What classifiers say of a mail is their opinion, and must not teach them: a model that learns from its own verdicts only
// grows surer of its mistakes. So a verdict is learned as it would be without them.

import type { Standing } from "../../shared/task.ts";
import type { Composites, DeclaredSymbol } from "./composites.ts";

/** Symbols of the stage `classify`, and composites that look at one of them. */
export function opinionsOf(declared: readonly DeclaredSymbol[], composites: Composites): ReadonlySet<string> {
  const classifying = declared.filter(({ stage }) => stage === "classify");
  const symbols = new Set(classifying.map(({ name }) => name));
  const groups = new Set(classifying.flatMap(({ groups }) => groups));
  // A composite stands behind those that it refers to.
  for (const { name, group, atoms } of composites.list) {
    if (!atoms.some((atom) => (atom.kind === "group" ? groups : symbols).has(atom.name))) continue;
    symbols.add(name);
    groups.add(group);
  }
  return symbols;
}

/** The symbols stay, with a score of 0; the action is the one that was taken. */
export function withoutOpinions(standing: Standing, opinions: ReadonlySet<string>): Standing {
  let { score } = standing;
  const symbols: Record<string, number> = {};
  for (const [name, added] of Object.entries(standing.symbols)) {
    const isOpinion = opinions.has(name);
    symbols[name] = isOpinion ? 0 : added;
    if (isOpinion) score -= added;
  }
  return { ...standing, score, symbols };
}
