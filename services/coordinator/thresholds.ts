// The section `actions`: which score leads to which action.

import type { Field } from "../../shared/config/schema.ts";
import { custom } from "../../shared/config/schema.ts";
import type { Ucl } from "../../shared/config/ucl.ts";
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

const withoutThreshold = ["soft reject", "quarantine", "discard"];

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

function parseActions(value: Ucl): Actions | Error {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return new Error("actions is a section");
  const rules = new Map(defaults.rules.map((rule) => [rule.name, rule]));
  let { subject, unknownWeight, growFactor } = defaults;
  for (const [key, entry] of Object.entries(value)) {
    if (key === "subject") {
      if (typeof entry !== "string") return new Error("subject is a text with %s for the subject");
      subject = entry;
    } else if (key === "unknown_weight" || key === "grow_factor") {
      if (typeof entry !== "number") return new Error(`${key} is a number`);
      if (key === "grow_factor") growFactor = entry;
      else unknownWeight = entry;
    } else {
      const rule = parseRule(actionName(key), entry);
      if (rule instanceof Error) return rule;
      if (rule) rules.set(rule.name, rule);
      else rules.delete(actionName(key));
    }
  }
  return { rules: [...rules.values()], subject, unknownWeight, growFactor };
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
  return (actions as readonly string[]).includes(spaced) ? spaced : key;
}

function parseRule(name: string, entry: Ucl): ActionRule | undefined | Error {
  if (entry === null) return undefined;
  if (typeof entry === "number") return { name, threshold: entry };
  if (typeof entry === "object" && "flags" in entry && Array.isArray(entry.flags)) {
    if (entry.flags.includes("no_threshold")) return { name, threshold: null };
  }
  if (typeof entry === "object" && "score" in entry) {
    const score = entry.score;
    if (typeof score === "number") return { name, threshold: score };
  }
  return new Error(`the threshold of "${name}" is a number, or null to switch the action off`);
}
