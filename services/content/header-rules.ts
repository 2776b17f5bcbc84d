// Rules that look at one header field each, as data: a table of symbols becomes a check that walks the fields once.

import { type Check, defineCheck, type SymbolSpec } from "../../shared/check.ts";
import type { Header } from "../../shared/task.ts";

export interface HeaderRule extends SymbolSpec {
  /** Lower-case names of the fields that it looks at. */
  readonly header: string | readonly string[];
  /** The symbol is raised when one of these fields matches; without a pattern, when one is there. Must be linear. */
  readonly pattern?: RegExp;
  /** What the pattern looks at. Default: `value`. */
  readonly of?: "name" | "raw" | "value";
}

export type HeaderRules = Readonly<Record<string, HeaderRule>>;

/** Longest piece of a field that patterns look at: what they look for stands at its start. */
const longest = 2048;

export function matches(field: Header, rule: HeaderRule): boolean {
  if (rule.pattern === undefined) return true;
  const text = field[rule.of ?? "value"];
  return rule.pattern.test(text.length > longest ? text.slice(0, longest) : text);
}

/** The declarations of a table, without how the rules look. */
export function symbolsOf<const Rules extends HeaderRules>(rules: Rules): { readonly [S in keyof Rules]: SymbolSpec } {
  const symbols: Record<string, SymbolSpec> = {};
  for (const [symbol, { score, about, group }] of Object.entries(rules)) {
    symbols[symbol] = { score, about, ...(group === undefined ? {} : { group }) };
  }
  return symbols as { readonly [S in keyof Rules]: SymbolSpec };
}

/** The rules of a table by the field that they look at. */
export function rulesByHeader<Symbol extends string>(
  rules: Readonly<Record<Symbol, HeaderRule>>,
): ReadonlyMap<string, readonly (readonly [Symbol, HeaderRule])[]> {
  const byHeader = new Map<string, (readonly [Symbol, HeaderRule])[]>();
  for (const symbol of Object.keys(rules) as Symbol[]) {
    const { header } = rules[symbol];
    for (const key of typeof header === "string" ? [header] : header) {
      const list = byHeader.get(key);
      if (list === undefined) byHeader.set(key, [[symbol, rules[symbol]]]);
      else list.push([symbol, rules[symbol]]);
    }
  }
  return byHeader;
}

/** A check that is nothing but a table. */
export function defineHeaderRules<const Name extends string, const Rules extends HeaderRules>(
  spec: { readonly name: Name; readonly about: string; readonly group: string },
  rules: Rules,
): Check {
  const byHeader = rulesByHeader<string>(rules);
  return defineCheck({
    ...spec,
    name: spec.name as string,
    stage: "filter",
    reads: ["headers"],
    symbols: symbolsOf<HeaderRules>(rules),
    run(task, ctx) {
      for (const field of task.headers.fields) {
        const list = byHeader.get(field.key);
        if (list === undefined) continue;
        for (const [symbol, rule] of list) if (matches(field, rule)) ctx.hit(symbol);
      }
    },
  });
}
