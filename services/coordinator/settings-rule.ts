// The section `settings`: one rule, from what the operator wrote to plain data.

import { nearest } from "../../shared/config/nearest.ts";
import type { Notes } from "../../shared/config/schema.ts";
import { custom, table } from "../../shared/config/schema.ts";
import { isUclObject, type Ucl, type UclObject } from "../../shared/config/ucl.ts";
import type { Apply, ForcedSymbol } from "./settings-apply.ts";
import { nothing, readApply } from "./settings-apply.ts";
import type { FlagKey, HeaderKey, ListKey, MatchKeys } from "./settings-match.ts";
import { compileMatch, flagKeys, headerKeys, listKeys } from "./settings-match.ts";
import type { Complain } from "./settings-values.ts";
import { readObject, readTexts, readYes, within } from "./settings-values.ts";

export interface SettingsRule {
  readonly enabled: boolean;
  /** Rules with a higher one are looked at first. */
  readonly priority: number;
  /** Selects the rule when a request names it; "" is the name of the rule. */
  readonly id: string;
  readonly match: MatchKeys;
  readonly apply: Apply;
}

const emptyRule: SettingsRule = {
  enabled: true,
  priority: 1,
  id: "",
  match: { lists: {}, flags: {}, headers: {}, expression: "", inverse: false },
  apply: nothing,
};

const priorities: Readonly<Record<string, number>> = { low: 1, medium: 2, high: 3 };
const ownKeys = ["enabled", "priority", "id", "apply", "symbols", "want_spam", "whitelist", "expression", "inverse"];
const known = [...ownKeys, ...listKeys, ...flagKeys, ...headerKeys];
/** A match key that is ignored would make the rule hold for more mail than it is meant for. */
const unsupported = ["selector", "external_map", "asn", "country", "subject", "redis"];

export const settingsConfig = {
  settings: table(
    custom(
      emptyRule,
      `priority (high, medium, low, a number), id, what it is for (${[...listKeys, ...flagKeys, ...headerKeys].join(", ")}, inverse, expression), and apply { }.`,
      readRule,
    ),
    {},
    "What is different for some messages. The first rule that matches is applied, by priority and then by name.",
  ),
};

function readRule(value: Ucl, notes: Notes): SettingsRule | Error {
  const complain: Complain = (path, message, name) => notes.error(path, message, name);
  if (!isUclObject(value)) {
    readObject(value, complain);
    return emptyRule;
  }
  const rule = value;
  for (const key of Object.keys(rule)) {
    if (unsupported.includes(key)) notes.error([key], "is not supported, and the rule would match without it");
    else if (!known.includes(key)) notes.error([key], "is no key of a rule of settings", nearest(key, known));
  }
  const match = readMatch(rule, complain);
  for (const key of emptyKeys(match)) notes.warn([key], "is empty: no mail fits it");
  const test = compileMatch(match, (path, message) => notes.error(path, message));
  const id = readId(rule.id, within("id", complain));
  if (test === null && rule.id === undefined) {
    notes.warn([], "matches nothing by itself: only a request with its name as Settings-ID selects it");
  }
  const flag = (key: string, otherwise: boolean) =>
    rule[key] === undefined ? otherwise : readYes(rule[key], within(key, complain));
  const apply = rule.apply === undefined ? nothing : readApply(rule.apply, within("apply", complain));
  const symbols: readonly ForcedSymbol[] =
    rule.symbols === undefined
      ? []
      : readTexts(rule.symbols, within("symbols", complain)).map((symbol) => ({ symbol }));
  return {
    enabled: flag("enabled", true),
    priority: readPriority(rule.priority, within("priority", complain)),
    id,
    match,
    apply: {
      ...apply,
      skip: apply.skip || flag("want_spam", false) || flag("whitelist", false),
      symbols: [...apply.symbols, ...symbols],
    },
  };
}

/** Keys with nothing in them: of a list that a program wrote, perhaps. */
function emptyKeys({ lists, headers }: MatchKeys): readonly string[] {
  const names = Object.entries(headers).filter(([, wanted]) => Object.keys(wanted).length === 0);
  return [...Object.entries(lists).filter(([, values]) => values.length === 0), ...names].map(([key]) => key);
}

function readId(value: Ucl | undefined, complain: Complain): string {
  if (value === undefined) return "";
  const [id = ""] = readTexts(value, complain);
  return id;
}

function readPriority(value: Ucl | undefined, complain: Complain): number {
  if (value === undefined) return emptyRule.priority;
  const priority = typeof value === "string" ? priorities[value.toLowerCase()] : value;
  if (typeof priority === "number" && priority >= 0) return priority;
  complain([], "must be high, medium, low, or a number from 0");
  return emptyRule.priority;
}

function readMatch(rule: UclObject, complain: Complain): MatchKeys {
  const lists: Partial<Record<ListKey, readonly string[]>> = {};
  for (const key of listKeys) {
    const value = rule[key];
    if (value !== undefined) lists[key] = readTexts(value, within(key, complain));
  }
  const flags: Partial<Record<FlagKey, boolean>> = {};
  for (const key of flagKeys) {
    const value = rule[key];
    if (value !== undefined) flags[key] = readYes(value, within(key, complain));
  }
  const headers: Partial<Record<HeaderKey, Readonly<Record<string, boolean | readonly string[]>>>> = {};
  for (const key of headerKeys) {
    const value = rule[key];
    if (value !== undefined) headers[key] = readHeaders(value, within(key, complain));
  }
  const expression = rule.expression ?? "";
  if (typeof expression !== "string") complain(["expression"], "must be a text");
  return {
    lists,
    flags,
    headers,
    expression: typeof expression === "string" ? expression : "",
    inverse: rule.inverse === undefined ? false : readYes(rule.inverse, within("inverse", complain)),
  };
}

function readHeaders(value: Ucl, complain: Complain): Readonly<Record<string, boolean | readonly string[]>> {
  return Object.fromEntries(
    Object.entries(readObject(value, complain)).map(([name, wanted]) => [
      name,
      typeof wanted === "boolean" ? wanted : readTexts(wanted, within(name, complain)),
    ]),
  );
}
