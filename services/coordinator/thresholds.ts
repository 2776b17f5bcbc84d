// The section `actions`: which score leads to which action.

import { nearest } from "../../shared/config/nearest.ts";
import type { Field, Notes } from "../../shared/config/schema.ts";
import { custom } from "../../shared/config/schema.ts";
import { isUclObject, type Ucl } from "../../shared/config/ucl.ts";
import { actions } from "../../shared/verdict.ts";
import type { ActionRule } from "./decide.ts";

export interface Actions {
  readonly rules: readonly ActionRule[];
  /** Template of a rewritten subject: %s subject, %d score. */
  readonly subject: string;
  /** Score of a hit whose symbol nobody declared. */
  readonly unknownWeight: number;
  readonly growFactor: number;
}

/** No score leads to them until the operator says so, but a check or a forced action may. */
const withoutThreshold = ["soft reject", "rewrite subject", "quarantine", "discard"];

const defaults: Actions = {
  rules: [
    { name: "reject", threshold: 15 },
    { name: "add header", threshold: 6 },
    { name: "greylist", threshold: 4 },
    ...withoutThreshold.map((name) => ({ name, threshold: null })),
  ],
  subject: "*** SPAM *** %s",
  unknownWeight: 0,
  growFactor: 1,
};

export const actionsField: Field<Actions> = custom(
  defaults,
  "Thresholds: action = score, or null to switch the action off. Also subject, unknown_weight, grow_factor.",
  parseActions,
  printActions,
);

const otherKeys = ["subject", "unknown_weight", "grow_factor"];

function parseActions(value: Ucl, notes: Notes): Actions | Error {
  const entries = entriesOf(value);
  if (entries instanceof Error) return entries;
  const rules = new Map(defaults.rules.map((rule) => [rule.name, rule]));
  let { subject, unknownWeight, growFactor } = defaults;
  for (const [key, entry] of entries) {
    if (key === "subject") {
      if (typeof entry !== "string") return new Error("needs a text with %s as the subject");
      subject = entry;
    } else if (key === "unknown_weight" || key === "grow_factor") {
      if (typeof entry !== "number") return new Error(`needs a number as ${key}`);
      if (key === "grow_factor") growFactor = entry;
      else unknownWeight = entry;
    } else {
      const rule = parseRule(actionName(key), entry);
      if (rule === undefined) rules.delete(actionName(key));
      else if ("problem" in rule) notes.error([key], rule.problem, rule.nearest);
      else rules.set(rule.name, rule);
    }
  }
  warnOfOrder([...rules.values()], notes);
  return { rules: [...rules.values()], subject, unknownWeight, growFactor };
}

/** The highest threshold that a score reaches decides: mail above a misplaced one gets the weaker action. */
function warnOfOrder(rules: readonly ActionRule[], notes: Notes): void {
  const reject = rules.find(({ name }) => name === "reject")?.threshold ?? Number.POSITIVE_INFINITY;
  for (const { name, threshold } of rules) {
    if (threshold === null || threshold <= reject) continue;
    notes.warn([], `has reject at ${reject} below ${name}: mail from ${threshold} on is not rejected`);
  }
}

/** The keys of the section, which may be written in pieces. */
function entriesOf(value: Ucl): ReadonlyMap<string, Ucl> | Error {
  const entries = new Map<string, Ucl>();
  const parts: readonly Ucl[] = Array.isArray(value) ? value : [value];
  for (const part of parts) {
    if (!isUclObject(part)) return new Error("must be a section");
    for (const [key, entry] of Object.entries(part)) {
      if (entries.has(key) || Array.isArray(entry)) return new Error(`has more than one value for "${key}"`);
      entries.set(key, entry);
    }
  }
  return entries;
}

function printActions({ rules, subject, unknownWeight, growFactor }: Actions): Ucl {
  const printed: Record<string, Ucl> = {};
  const names = new Set([...defaults.rules, ...rules].map(({ name }) => name));
  for (const name of names) {
    const key = name.replaceAll(" ", "_");
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) printed[key] = null;
    else if (rule.threshold !== null) printed[key] = rule.threshold;
    else if (!withoutThreshold.includes(name)) printed[key] = { flags: ["no_threshold"] };
  }
  return { ...printed, subject, unknown_weight: unknownWeight, grow_factor: growFactor };
}

/** Operators write add_header and "add header"; the protocol says "add header". */
export function actionName(key: string): string {
  const spaced = key.replaceAll("_", " ");
  return isStandard(spaced) ? spaced : key;
}

const standardKeys = actions.map((name) => name.replaceAll(" ", "_"));

function isStandard(name: string): boolean {
  return (actions as readonly string[]).includes(name);
}

/** What is wrong with the name of an action, when neither Sluice nor the section `actions` has it. */
export function unknownAction(name: string, { rules }: Actions): string | undefined {
  if (isStandard(name) || rules.some((rule) => rule.name === name)) return undefined;
  const meant = nearest(name, [...standardKeys, ...rules.map((rule) => rule.name)]);
  return `there is no action "${name}"${meant === undefined ? "" : ` (nearest: ${meant})`}`;
}

interface Refusal {
  readonly problem: string;
  readonly nearest?: string;
}

function parseRule(name: string, entry: Ucl): ActionRule | undefined | Refusal {
  if (entry === null) return undefined;
  if (typeof entry === "number") {
    // An action of the operator's own makes mail servers accept: a slip of the pen must not become one.
    const meant = isStandard(name) ? undefined : nearest(name, [...standardKeys, ...otherKeys]);
    if (meant === undefined) return { name, threshold: entry };
    return { problem: `is no action; one of your own is written ${name} { score = ${entry}; }`, nearest: meant };
  }
  if (typeof entry === "object" && "flags" in entry && Array.isArray(entry.flags)) {
    if (entry.flags.includes("no_threshold")) return { name, threshold: null };
  }
  if (typeof entry === "object" && "score" in entry) {
    const score = entry.score;
    if (typeof score === "number") return { name, threshold: score };
  }
  return { problem: "must be a number, the threshold, or null to switch the action off" };
}
