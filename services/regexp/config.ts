// The section `regexp`: rules that an operator writes. A rule that cannot be is refused with its place and left out;
// the others hold.

import { custom, type Notes } from "../../shared/config/schema.ts";
import type { Ucl, UclObject } from "../../shared/config/ucl.ts";
import { atoms, type Expression } from "../../shared/expression/expression.ts";
import { parse } from "../../shared/expression/parse.ts";
import { Fault } from "../../shared/fault.ts";
import { mostMatches, type RuleAtom, ruleSyntax } from "./atom.ts";

export interface Rule {
  readonly re: string;
  readonly score: number;
  readonly about: string;
  readonly group: string;
  readonly shots: number;
  /** Largest value of the expression, which is the factor of the hit. */
  readonly factor: number;
  /** It looks at the bytes of the message. */
  readonly needsRaw: boolean;
}

export interface RegexpConfig {
  /** Characters of each text that patterns see. */
  readonly maxSize: number;
  /** ms for all patterns of a message. */
  readonly timeLimit: number;
  readonly rules: Readonly<Record<string, Rule>>;
}

const defaults: RegexpConfig = { maxSize: 262_144, timeLimit: 100, rules: {} };
const ruleName = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;
const ruleKeys = ["re", "score", "weight", "description", "group", "groups", "one_shot", "nshots", "enabled"];
/** Keys of Rspamd's that mean nothing here. */
const unsupportedKeys: ReadonlySet<string> = new Set(["type", "mime", "header", "condition", "priority", "flags"]);
const mostRules = 20_000;

export const regexpConfig = {
  regexp: custom(
    defaults,
    'NAME = "expression", or NAME { re, score, description, group, one_shot, nshots, enabled }; max_size, time_limit.',
    parseSection,
    printSection,
  ),
};

function parseSection(value: Ucl, notes: Notes): RegexpConfig | Error {
  const section = mergedSection(value);
  if (!section) return new Error("is a section of rules");
  if (section.enabled === false) return defaults;
  const rules: Record<string, Rule> = Object.create(null);
  let { maxSize, timeLimit } = defaults;
  let count = 0;
  for (const [name, given] of Object.entries(section)) {
    if (name === "enabled") continue;
    else if (name === "max_threads") notes.unsupported([name]);
    else if (name === "max_size") maxSize = numberIn(given, name, 1_024, 16_777_216, notes) ?? maxSize;
    // Durations are seconds in UCL.
    else if (name === "time_limit") timeLimit = 1_000 * (numberIn(given, name, 0.005, 5, notes) ?? timeLimit / 1_000);
    else {
      count += 1;
      if (count > mostRules) return new Error(`has more than ${mostRules} rules`);
      const rule = parseRule(name, given, notes);
      if (rule) rules[name] = rule;
    }
  }
  return { maxSize, timeLimit, rules: { ...rules } };
}

/** As an operator writes it: what `parseSection` reads. */
function printSection({ maxSize, timeLimit, rules }: RegexpConfig): Ucl {
  const written = Object.entries(rules).map(([name, { re, score, about, group, shots }]) => {
    return [name, { re, score, description: about, group, nshots: shots }] as const;
  });
  return { max_size: maxSize, time_limit: timeLimit / 1_000, ...Object.fromEntries(written) };
}

/** A section may be written in several pieces; a rule that stands in two of them is an array and will be refused. */
function mergedSection(value: Ucl): UclObject | undefined {
  const merged: Record<string, Ucl> = Object.create(null);
  for (const piece of Array.isArray(value) ? value : [value]) {
    const section = objectOf(piece);
    if (!section) return undefined;
    for (const [name, given] of Object.entries(section)) {
      const before = merged[name];
      merged[name] = before === undefined ? given : [before, given];
    }
  }
  return merged;
}

function numberIn(value: Ucl, name: string, min: number, max: number, notes: Notes): number | undefined {
  if (typeof value === "number" && value >= min && (value <= max || value === 0)) return value;
  notes.error([name], `must be a number from ${min} to ${max}`);
  return undefined;
}

function parseRule(name: string, value: Ucl, notes: Notes): Rule | undefined {
  const refuse = (path: readonly string[], message: string) => {
    notes.refuse([name, ...path], message);
    return undefined;
  };
  if (!ruleName.test(name)) return refuse([], "cannot be the name of a symbol");
  const isText = typeof value === "string";
  const given: UclObject | undefined = isText ? { re: value } : objectOf(value);
  if (!given) return refuse([], "is an expression in quotes, or a section with one as `re`, given once");
  if (given.enabled === false) return undefined;
  for (const key of Object.keys(given)) {
    if (unsupportedKeys.has(key)) notes.unsupported([name, key]);
    else if (!ruleKeys.includes(key)) return refuse([key], `is no key of a rule; it has ${ruleKeys.join(", ")}`);
  }
  const { re, description, group, groups } = given;
  const score = given.score ?? given.weight ?? 0;
  const shots = given.one_shot === true ? 1 : (given.nshots ?? 1);
  if (typeof re !== "string") return refuse(["re"], "must be an expression in quotes");
  if (typeof score !== "number") return refuse(["score"], "must be a number");
  if (typeof shots !== "number") return refuse(["nshots"], "must be a number");
  let missing = false;
  const expression = readExpression(re, () => {
    missing = true;
    notes.unsupported([name]);
  });
  if (missing) return undefined;
  if (expression instanceof Fault) return refuse(isText ? [] : ["re"], `is refused: ${expression.message}`);
  const named = typeof group === "string" ? group : Array.isArray(groups) ? groups[0] : groups;
  return {
    re,
    score,
    about: typeof description === "string" ? description : `The rule regexp.${name} holds.`,
    group: typeof named === "string" ? named : "regexp",
    shots,
    factor: Math.min(Math.max(largestValue(expression), 1), mostMatches),
    needsRaw: atoms(expression).some((atom) => atom.kind === "pattern" && atom.source.kind === "body"),
  };
}

/** The expression of a rule, or what is wrong with it. */
export function readExpression(re: string, onMissing: (what: string) => void): Expression<RuleAtom> | Fault {
  return parse(re, ruleSyntax(onMissing));
}

/** No value of the expression is larger. */
function largestValue(expression: Expression<RuleAtom>): number {
  switch (expression.kind) {
    case "atom":
      return expression.atom.kind === "pattern" && expression.atom.count ? mostMatches : 1;
    case "number":
      return expression.value;
    case "not":
      return 1;
    case "binary": {
      const { operator, left, right } = expression;
      if (operator === "+") return largestValue(left) + largestValue(right);
      if (operator === "*") return largestValue(left) * largestValue(right);
      return operator === "-" || operator === "/" ? largestValue(left) * mostMatches : 1;
    }
  }
}

function objectOf(value: Ucl): UclObject | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as UclObject) : undefined;
}
