// The `apply` block of settings: what is different for a message. It comes from configuration, or as text with a request.

import { nearest } from "../../shared/config/nearest.ts";
import { isUclObject, type Ucl } from "../../shared/config/ucl.ts";
import { isFieldName } from "../../shared/message/field-name.ts";
import { scanFlags } from "../../shared/scan.ts";
import { type AddedHeader, actions, type RemovedHeader } from "../../shared/verdict.ts";
import { field } from "./headers/field.ts";
import type { Complain } from "./settings-values.ts";
import {
  overrule,
  readLine,
  readLines,
  readNumbers,
  readObject,
  readTexts,
  readYes,
  within,
} from "./settings-values.ts";
import { actionName } from "./thresholds.ts";

/** A symbol that is raised whatever the checks say. */
export interface ForcedSymbol {
  readonly symbol: string;
  /** Instead of its configured score. */
  readonly score?: number;
}

/** What is different, beside which checks are on. Plain data. */
export interface Effects {
  /** Thresholds by action; null switches an action off. */
  readonly actions: Readonly<Record<string, number | null>>;
  readonly scores: Readonly<Record<string, number>>;
  /** Template of a rewritten subject. */
  readonly subject?: string;
  /** Look at nothing, answer "no action". */
  readonly skip: boolean;
  readonly symbols: readonly ForcedSymbol[];
  readonly addHeaders: readonly AddedHeader[];
  readonly removeHeaders: readonly RemovedHeader[];
  /** Texts for the mail server, by kind: smtp_message. */
  readonly messages: Readonly<Record<string, string>>;
  /** By module, as it was written: read by whom it is for. */
  readonly plugins: Readonly<Record<string, Ucl>>;
}

export interface Apply extends Effects {
  readonly symbolsEnabled: readonly string[];
  readonly symbolsDisabled: readonly string[];
  readonly groupsEnabled: readonly string[];
  readonly groupsDisabled: readonly string[];
  /** Whether what is not named is on: by default not, when something is named as enabled. */
  readonly policy: "default" | "implicit_allow" | "implicit_deny";
  /** As in the request header `Flags`. */
  readonly flags: readonly string[];
}

export const nothing: Apply = {
  actions: {},
  scores: {},
  symbolsEnabled: [],
  symbolsDisabled: [],
  groupsEnabled: [],
  groupsDisabled: [],
  policy: "default",
  flags: [],
  skip: false,
  symbols: [],
  addHeaders: [],
  removeHeaders: [],
  messages: {},
  plugins: {},
};

type Entry = (value: Ucl, complain: Complain) => Partial<Apply>;

/** Keys of the block; any other key with a number is the score of a symbol. */
const entries: Readonly<Record<string, Entry>> = {
  actions: (value, complain) => ({ actions: readActions(value, complain) }),
  scores: (value, complain) => ({ scores: readNumbers(value, complain) }),
  symbols_enabled: (value, complain) => ({ symbolsEnabled: readTexts(value, complain), ...onlyNone(value) }),
  symbols_disabled: (value, complain) => ({ symbolsDisabled: readTexts(value, complain) }),
  groups_enabled: (value, complain) => ({ groupsEnabled: readTexts(value, complain), ...onlyNone(value) }),
  groups_disabled: (value, complain) => ({ groupsDisabled: readTexts(value, complain) }),
  policy: (value, complain) => readPolicy(value, complain),
  subject: (value, complain) => {
    const subject = readLine(value, complain);
    return subject === null ? {} : { subject };
  },
  flags: (value, complain) => readFlags(value, complain),
  want_spam: (value, complain) => ({ skip: readYes(value, complain) }),
  whitelist: (value, complain) => ({ skip: readYes(value, complain) }),
  symbols: (value, complain) => ({ symbols: readSymbols(value, complain) }),
  add_headers: (value, complain) => ({ addHeaders: readAddedHeaders(value, complain) }),
  remove_headers: (value, complain) => ({ removeHeaders: readRemovedHeaders(value, complain) }),
  messages: (value, complain) => ({ messages: readLines(value, complain) }),
  plugins: (value, complain) => ({ plugins: readObject(value, complain) }),
};
// Names of the keys in old versions.
const aliases: ReadonlyMap<string, string> = new Map([
  ["enable_symbols", "symbols_enabled"],
  ["disable_symbols", "symbols_disabled"],
  ["enable_groups", "groups_enabled"],
  ["disable_groups", "groups_disabled"],
]);
const names = Object.keys(entries);

/** Reads a block. What is wrong is told to `complain` and left out; the rest holds. */
export function readApply(value: Ucl, complain: Complain): Apply {
  const block = readObject(value, complain);
  const inner = block.default;
  // apply "default" { ... }, or apply { default { ... } }, from the time when there were several metrics
  if (inner !== undefined && Object.keys(block).length === 1) return readApply(inner, within("default", complain));
  let apply = nothing;
  const scores: [string, number][] = [];
  for (const [key, part] of Object.entries(block)) {
    const name = aliases.get(key) ?? key;
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (entry) {
      const read = entry(part, within(key, complain));
      apply = { ...apply, ...read, skip: apply.skip || read.skip === true };
    } else if (typeof part === "number") scores.push([key, part]);
    else complain([key], "is no key of settings, and no score of a symbol", nearest(key, names));
  }
  return { ...apply, scores: overrule([Object.fromEntries(scores), apply.scores]) };
}

const actionKeys = actions.map((name) => name.replaceAll(" ", "_"));

function readActions(value: Ucl, complain: Complain): Readonly<Record<string, number | null>> {
  const changed = Object.entries(readObject(value, complain)).flatMap(([key, part]) => {
    const threshold = isUclObject(part) ? part.score : part;
    // An action of the operator's own makes mail servers accept: a slip of the pen must not become one.
    const name = actionName(key);
    const meant = (actions as readonly string[]).includes(name) ? undefined : nearest(name, actionKeys);
    if (meant !== undefined) {
      complain([key], "is no action", meant);
      return [];
    }
    if (typeof threshold === "number" || threshold === null) return [[name, threshold] as const];
    complain([key], "must be a score, or null to switch the action off");
    return [];
  });
  return Object.fromEntries(changed);
}

/** "Only these", with none in the list, switches all off, as Rspamd has it. */
function onlyNone(value: Ucl): Partial<Apply> {
  return Array.isArray(value) && value.length === 0 ? { policy: "implicit_deny" } : {};
}

function readPolicy(value: Ucl, complain: Complain): Partial<Apply> {
  if (value === "default" || value === "implicit_allow" || value === "implicit_deny") return { policy: value };
  complain([], "must be one of default, implicit_allow, implicit_deny");
  return {};
}

function readFlags(value: Ucl, complain: Complain): Partial<Apply> {
  const flags = readTexts(value, complain).filter((flag, index) => {
    if ((scanFlags as readonly string[]).includes(flag)) return true;
    complain([index], `"${flag}" is no flag; flags are ${scanFlags.join(", ")}`, nearest(flag, scanFlags));
    return false;
  });
  return { flags, skip: flags.includes("skip") };
}

/** A list of names, or a section of names and scores. */
function readSymbols(value: Ucl, complain: Complain): readonly ForcedSymbol[] {
  if (!isUclObject(value)) return readTexts(value, complain).map((symbol) => ({ symbol }));
  return Object.entries(value).flatMap(([symbol, part]) => {
    const score = isUclObject(part) ? part.score : part;
    if (typeof score === "number") return [{ symbol, score }];
    if (score === true || score === undefined) return [{ symbol }];
    complain([symbol], "must be a score");
    return [];
  });
}

function readAddedHeaders(value: Ucl, complain: Complain): readonly AddedHeader[] {
  return headersOf(value, complain).flatMap(({ name, part, complain: here }) => {
    const text = isUclObject(part) ? (part.value ?? null) : part;
    const order = isUclObject(part) ? (part.order ?? -1) : -1;
    const line = readLine(typeof text === "number" ? String(text) : text, here);
    if (typeof order !== "number" || !Number.isInteger(order)) {
      here(["order"], "must be a whole number");
      return [];
    }
    return line === null ? [] : [field(name, line, order)];
  });
}

function readRemovedHeaders(value: Ucl, complain: Complain): readonly RemovedHeader[] {
  return headersOf(value, complain).flatMap(({ name, part, complain: here }) => {
    if (typeof part === "number" && Number.isInteger(part)) return [{ name, index: part }];
    here([], "must be a whole number: 0 for all, 1 for the first, -1 for the last");
    return [];
  });
}

const mostHeaders = 100;

/** Each header with each of its values. */
function headersOf(value: Ucl, complain: Complain) {
  let count = 0;
  return Object.entries(readObject(value, complain)).flatMap(([name, part]) => {
    if (!isFieldName(name)) {
      complain([name], "is no name of a header");
      return [];
    }
    const parts: readonly Ucl[] = Array.isArray(part) ? part : [part as Ucl];
    // Each is written, folded and sent: a request must not ask for thousands.
    count += parts.length;
    if (count > mostHeaders) {
      complain([name], `is beyond ${mostHeaders} headers`);
      return [];
    }
    return parts.map((each) => ({ name, part: each, complain: within(name, complain) }));
  });
}
