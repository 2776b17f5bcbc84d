// Symbols that groups, settings, composites and forced actions name: do they exist?

import { atoms } from "../expression/expression.ts";
import { parse } from "../expression/parse.ts";
import { symbolSyntax } from "../expression/symbol-atom.ts";
import { Fault } from "../fault.ts";
import { nearest } from "./nearest.ts";
import type { Problem, Unsupported } from "./problem.ts";
import { rspamdSymbols } from "./rspamd-symbols.ts";
import type { Leaf, Node, ObjectNode } from "./tree.ts";

export interface SymbolFindings {
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
}

/**
 * Looks at all symbols that the configuration gives a score, switches, or makes others of. `known` are the symbols and
 * checks of the actors; names that the configuration itself brings (rules with `symbol = ...`, composites) count too. A
 * symbol of Rspamd's that nobody here raises is unsupported; one that nobody knows is a warning.
 */
export function findSymbols(
  root: ObjectNode,
  known: ReadonlySet<string>,
  packaged: (file: string) => boolean,
): SymbolFindings {
  const findings: SymbolFindings = { problems: [], unsupported: [] };
  let names: Set<string> | undefined;
  const seen = new Set<string>();
  for (const [symbol, { file, line }] of [...scored(root), ...mentioned(root)]) {
    const here = `${file}:${line} ${symbol}`;
    if (known.has(symbol) || seen.has(here)) continue;
    seen.add(here);
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

/** A symbol, and where it is named. */
type Mention = [string, { readonly file: string; readonly line: number }];

/** The objects below the objects of a section, whatever their keys. */
function rulesIn(nodes: readonly Node[] | undefined): ObjectNode[] {
  return objectsAt(nodes).flatMap((node) => [...node.keys.values()].flatMap(objectsAt));
}

/** Each symbol that an expression looks at, or that settings switch or score. */
function mentioned(root: ObjectNode): Mention[] {
  const forced = objectsAt(root.keys.get("force_actions")).flatMap((node) => rulesIn(node.keys.get("rules")));
  const rules = [...rulesIn(root.keys.get("composites")), ...forced];
  const applied = rulesIn(root.keys.get("settings")).flatMap((rule) => objectsAt(rule.keys.get("apply")));
  return [...rules.flatMap(inExpression), ...applied.flatMap(inSettings)];
}

/** What is wrong with an expression is said elsewhere. */
function inExpression(rule: ObjectNode): Mention[] {
  return (rule.keys.get("expression") ?? []).flatMap((node) => {
    const expression = node.kind === "leaf" ? parse(node.text, symbolSyntax) : null;
    if (expression === null || expression instanceof Fault) return [];
    return atoms(expression).flatMap((atom): Mention[] => (atom.kind === "symbol" ? [[atom.name, node.origin]] : []));
  });
}

function inSettings(apply: ObjectNode): Mention[] {
  const switched = ["symbols_enabled", "symbols_disabled", "enable_symbols", "disable_symbols"];
  const names = switched.flatMap((key) => leavesOf(apply.keys.get(key) ?? []));
  const scores = [apply, ...objectsAt(apply.keys.get("scores"))].flatMap(({ keys }) => [...keys]);
  const numbers = scores.filter(([, [first]]) => first?.kind === "leaf" && typeof first.value === "number");
  return [
    ...names.map((leaf): Mention => [leaf.text, leaf.origin]),
    ...numbers.flatMap(([name, [first]]): Mention[] => (first === undefined ? [] : [[name, first.origin]])),
  ];
}

function leavesOf(nodes: readonly Node[]): Leaf[] {
  return nodes.flatMap((node) => {
    if (node.kind === "leaf") return [node];
    return node.kind === "list" ? leavesOf(node.items) : [];
  });
}

/** Each symbol that a group gives something, with the place where it does. */
function scored(root: ObjectNode): Mention[] {
  const found: Mention[] = [];
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

const named = new Set(["group", "metric", "composites", "force_actions", "settings"]);

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
    if (!named.has(name)) for (const node of chain) collect(node);
  }
  // These name symbols of others, too.
  for (const composites of objectsAt(root.keys.get("composites")))
    for (const name of composites.keys.keys()) words.add(name);
  for (const forced of objectsAt(root.keys.get("force_actions"))) {
    for (const rules of objectsAt(forced.keys.get("rules")))
      for (const name of rules.keys.keys()) words.add(`FORCE_ACTION_${name}`);
  }
  for (const rule of rulesIn(root.keys.get("settings"))) {
    for (const apply of objectsAt(rule.keys.get("apply")))
      for (const node of apply.keys.get("symbols") ?? []) collect(node);
  }
  return words;
}
