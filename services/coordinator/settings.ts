// Settings: what is different for one message. Up to three blocks come together: the rule that a request names, the
// first rule that matches, and what the request itself carries; a later one overrules an earlier one, key by key.

import { parseUcl } from "../../shared/config/ucl.ts";
import { toFault } from "../../shared/fault.ts";
import type { Apply, Effects } from "./settings-apply.ts";
import { readApply } from "./settings-apply.ts";
import type { SettingsTask, Test } from "./settings-match.ts";
import { compileMatch, matchTask } from "./settings-match.ts";
import type { SettingsRule } from "./settings-rule.ts";
import type { Switches } from "./settings-switches.ts";
import { keyOf, switchesOf } from "./settings-switches.ts";
import { overrule } from "./settings-values.ts";

/** The blocks of a message taken together. */
export interface AppliedSettings extends Effects {
  /** Rules that were applied, "request" for what the request carried. */
  readonly names: readonly string[];
  readonly switches: Switches;
  /** Names the switches: equal keys have equal plans. "" when everything is on. */
  readonly key: string;
  readonly flags: ReadonlySet<string>;
  /** What the request asked for and cannot have, for the log. */
  readonly problems: readonly string[];
}

export const noSettings: AppliedSettings = merge([], []);

interface Source {
  readonly name: string;
  readonly apply: Apply;
  /** The source alone, put together once. */
  readonly applied: AppliedSettings | null;
}

interface CompiledRule extends Source {
  /** null: only its id selects it. */
  readonly test: Test | null;
}

export interface Settings {
  /** In the order in which they are looked at. */
  readonly rules: readonly CompiledRule[];
  readonly byId: ReadonlyMap<string, CompiledRule>;
}

/** What a request says of settings. */
export interface SettingsRequest {
  readonly settings?: string;
  readonly settingsId?: string;
}

/** Problems that are told of one message. */
const mostProblems = 20;

/** Characters of settings that come with a request. */
const longest = 65_536;

/** Rules as `settingsConfig` read them: what was wrong in them has been reported, and such a rule is left out. */
export function compileSettings(rules: Readonly<Record<string, SettingsRule>>): Settings {
  const compiled = Object.entries(rules).flatMap(([name, rule]) => {
    let isSound = rule.enabled;
    const test = compileMatch(rule.match, () => {
      isSound = false;
    });
    if (!isSound) return [];
    const { apply, priority, id } = rule;
    const applied = merge([{ name, apply, applied: null }], []);
    return [{ name, apply, applied, test, priority, id }];
  });
  compiled.sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  const byId = new Map<string, CompiledRule>();
  for (const rule of compiled) byId.set(rule.name, rule);
  // An id that somebody chose beats the name of another rule; of two equal ids the rule looked at first has it.
  for (const rule of compiled.toReversed()) if (rule.id !== "") byId.set(rule.id, rule);
  return { rules: compiled, byId };
}

/** The settings of one message. Never throws: what a request asks wrongly is in `problems`. */
export function chooseSettings(settings: Settings, task: SettingsTask, request: SettingsRequest): AppliedSettings {
  const problems: string[] = [];
  const named = request.settingsId === undefined ? undefined : settings.byId.get(request.settingsId);
  if (request.settingsId !== undefined && !named) {
    problems.push(`there are no settings with the id ${JSON.stringify(request.settingsId.slice(0, 64))}`);
  }
  const matched = firstMatch(settings.rules, task);
  const carried = request.settings === undefined ? null : readRequest(request.settings, problems);
  const sources = [named, matched === named ? undefined : matched, carried].filter((source) => source != null);
  const [only] = sources;
  if (problems.length > 0) return merge(sources, problems);
  if (!only) return noSettings;
  return sources.length === 1 && only.applied ? only.applied : merge(sources, problems);
}

function firstMatch(rules: readonly CompiledRule[], task: SettingsTask): CompiledRule | undefined {
  if (rules.length === 0) return undefined;
  const prepared = matchTask(task);
  return rules.find((rule) => rule.test?.(prepared));
}

function readRequest(text: string, problems: string[]): Source | null {
  if (text.length > longest) {
    problems.push(`settings of a request have at most ${longest} characters, these have ${text.length}`);
    return null;
  }
  try {
    const apply = readApply(parseUcl(text, "settings"), (path, message, nearest) => {
      if (problems.length >= mostProblems) return;
      const hint = nearest === undefined ? "" : `, did you mean ${nearest}?`;
      problems.push(`settings of the request: ${[...path, message].join(" ")}${hint}`);
    });
    return { name: "request", apply, applied: null };
  } catch (thrown) {
    problems.push(`settings of the request: ${toFault(thrown).message}`);
    return null;
  }
}

function merge(sources: readonly Source[], problems: readonly string[]): AppliedSettings {
  const applies = sources.map((source) => source.apply);
  const switches = switchesOf(applies);
  const subject = applies.findLast((apply) => apply.subject !== undefined)?.subject;
  return {
    names: sources.map((source) => source.name),
    actions: overrule(applies.map((apply) => apply.actions)),
    scores: overrule(applies.map((apply) => apply.scores)),
    switches,
    key: keyOf(switches),
    ...(subject === undefined ? {} : { subject }),
    flags: new Set(applies.flatMap((apply) => apply.flags)),
    skip: applies.some((apply) => apply.skip),
    symbols: applies.flatMap((apply) => apply.symbols),
    addHeaders: applies.flatMap((apply) => apply.addHeaders),
    removeHeaders: applies.flatMap((apply) => apply.removeHeaders),
    messages: overrule(applies.map((apply) => apply.messages)),
    plugins: overrule(applies.map((apply) => apply.plugins)),
    problems,
  };
}
