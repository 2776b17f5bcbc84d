// Symbols that groups give a score to: do they exist?

import { nearest } from "./nearest.ts";
import type { Problem, Unsupported } from "./problem.ts";
import { rspamdSymbols } from "./rspamd-symbols.ts";
import type { Node, ObjectNode } from "./tree.ts";

export interface SymbolFindings {
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
}

/**
 * Looks at all symbols that `group` and `metric` name. `known` are the symbols of the actors; names that the
 * configuration itself brings (rules with `symbol = ...`, composites) count too. A symbol of Rspamd's that nobody here
 * raises is unsupported; one that nobody knows is a warning.
 */
export function findSymbols(
  root: ObjectNode,
  known: ReadonlySet<string>,
  packaged: (file: string) => boolean,
): SymbolFindings {
  const findings: SymbolFindings = { problems: [], unsupported: [] };
  let names: Set<string> | undefined;
  for (const [symbol, { file, line }] of scored(root)) {
    if (known.has(symbol)) continue;
    names ??= new Set([...known, ...definedIn(root)]);
    if (names.has(symbol)) continue;
    if (rspamdSymbols.has(symbol) || packaged(file)) {
      findings.unsupported.push({ name: `symbol ${symbol}`, file, line });
      continue;
    }
    const problem: Problem = { severity: "warning", file, line, message: `nothing raises the symbol ${symbol}` };
    const probably = nearest(symbol, names);
    findings.problems.push(probably === undefined ? problem : { ...problem, nearest: probably });
  }
  return findings;
}

function objectsAt(nodes: readonly Node[] | undefined): ObjectNode[] {
  return (nodes ?? []).filter((node) => node.kind === "object");
}

/** Each symbol that a group gives something, with the place where it does. */
function scored(root: ObjectNode): [string, { file: string; line: number }][] {
  const found: [string, { file: string; line: number }][] = [];
  const metrics = objectsAt(root.keys.get("metric"));
  const groups = [root, ...metrics].flatMap((node) => objectsAt(node.keys.get("group")));
  const holders = groups.flatMap((group) => [...group.keys.values()].flatMap((chain) => objectsAt(chain)));
  for (const holder of [...holders, ...metrics, ...groups]) {
    for (const key of ["symbols", "symbol"]) {
      for (const symbols of objectsAt(holder.keys.get(key))) {
        for (const [name, [first]] of symbols.keys) if (first !== undefined) found.push([name, first.origin]);
      }
    }
  }
  return found;
}

/** Every key and text outside of the scores: rules name their symbols in many ways (`symbol = `, the name of the rule). */
function definedIn(root: ObjectNode): Set<string> {
  const words = new Set<string>();
  const collect = (node: Node): void => {
    if (node.kind === "leaf") words.add(node.text);
    else if (node.kind === "list") for (const item of node.items) collect(item);
    else {
      for (const [key, chain] of node.keys) {
        words.add(key);
        for (const inner of chain) collect(inner);
      }
    }
  };
  for (const [name, chain] of root.keys) {
    if (name !== "group" && name !== "metric") for (const node of chain) collect(node);
  }
  return words;
}
