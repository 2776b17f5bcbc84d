// What classifiers say of a mail is their opinion, and must not teach them: a model that learns from its own verdicts only
// grows surer of its mistakes. So a verdict is learned as it would be without them (conclude.ts).

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
