// The section `group`: scores, groups and their caps, on top of what the checks declare themselves.

import type { Actor } from "../../shared/actor.ts";
import type { Field } from "../../shared/config/schema.ts";
import { custom, table } from "../../shared/config/schema.ts";
import { isUclObject, type Ucl } from "../../shared/config/ucl.ts";
import type { GroupCap, Weight, Weights } from "./scores.ts";

interface SymbolOverride {
  readonly score?: number;
  readonly about?: string;
  readonly shots?: number;
  readonly groups?: readonly string[];
}

export interface GroupConfig {
  readonly max?: number;
  readonly min?: number;
  /** Share of a score, 0 to 1, beside an opinion of a classifier. */
  readonly share?: number;
  readonly oneShot: boolean;
  readonly enabled: boolean;
  readonly symbols: Readonly<Record<string, SymbolOverride>>;
}

const emptyGroup: GroupConfig = { oneShot: false, enabled: true, symbols: {} };

export const groupField: Field<Readonly<Record<string, GroupConfig>>> = table(
  custom(
    emptyGroup,
    "max_score, min_score, when_taught, one_shot, enabled, and symbols { NAME { score; description; one_shot; nshots; groups } }",
    parseGroup,
  ),
  {},
  "Scores by group. A symbol named here overrides what its check declares. when_taught: share that counts beside a classifier.",
);

/** Caps that keep many symbols of one kind from deciding alone. */
const defaultCaps: ReadonlyMap<string, GroupCap> = new Map([
  ["headers", { max: 8 }],
  ["subject", { max: 6 }],
  ["mime_types", { max: 10 }],
  ["phishing", { max: 10 }],
  ["whitelist", { max: 10 }],
  ["surbl", { max: 12.5 }],
  ["url", { max: 9 }],
  ["excessqp", { max: 2.4 }],
  ["excessb64", { max: 3 }],
]);

/**
 * Groups of rules that look at how a mail is made. They are wrong so often that beside a classifier half of their score is
 * more accurate than all of it (docs/performance.md). What says that a mail is dangerous, or who it is from, is not among them.
 */
const defaultShares: ReadonlyMap<string, number> = new Map(
  [
    "blankspam",
    "body",
    "composite",
    "compromised_hosts",
    "excessb64",
    "excessqp",
    "experimental",
    "forwarding",
    "freemail",
    "headers",
    "hfilter",
    "html",
    "HTML",
    "Message ID",
    "mid",
    "mime",
    "mua",
    "scams",
    "subject",
    "upstream_spam_filters",
    "url",
    "url_suspect",
  ].map((group) => [group, 0.5]),
);

const groupKeys = new Set([
  "max_score",
  "min_score",
  "when_taught",
  "one_shot",
  "enabled",
  "disabled",
  "description",
  "public",
  "symbols",
  "priority",
]);
const symbolKeys = new Set([
  "score",
  "weight",
  "description",
  "one_shot",
  "nshots",
  "groups",
  "group",
  "ignore",
  "flags",
  "priority",
  "enabled",
]);

function parseGroup(group: Ucl): GroupConfig | Error {
  if (!isUclObject(group)) return new Error("a group is a section");
  const unknown = Object.keys(group).find((key) => !groupKeys.has(key));
  if (unknown) return new Error(`a group has no key "${unknown}"; it has ${[...groupKeys].join(", ")}`);
  const symbols: Record<string, SymbolOverride> = {};
  for (const [name, entry] of Object.entries(isUclObject(group.symbols) ? group.symbols : {})) {
    const override = parseSymbol(name, entry);
    if (override instanceof Error) return override;
    symbols[name] = override;
  }
  const max = group.max_score;
  const min = group.min_score;
  if (max !== undefined && typeof max !== "number") return new Error("max_score is a number");
  if (min !== undefined && typeof min !== "number") return new Error("min_score is a number");
  const share = group.when_taught;
  if (share !== undefined && (typeof share !== "number" || !(share >= 0 && share <= 1)))
    return new Error("when_taught is a share, 0 to 1");
  return {
    ...(max === undefined ? {} : { max }),
    ...(min === undefined ? {} : { min }),
    ...(share === undefined ? {} : { share }),
    oneShot: group.one_shot === true,
    enabled: group.enabled !== false && group.disabled !== true,
    symbols,
  };
}

function parseSymbol(name: string, symbol: Ucl): SymbolOverride | Error {
  if (typeof symbol === "number") return { score: symbol };
  if (!isUclObject(symbol)) return new Error(`symbol ${name} is a section with a score`);
  const unknown = Object.keys(symbol).find((key) => !symbolKeys.has(key));
  if (unknown) return new Error(`symbol ${name} has no key "${unknown}"; it has ${[...symbolKeys].join(", ")}`);
  const score = symbol.score ?? symbol.weight;
  const shots = symbol.one_shot === true ? 1 : symbol.nshots;
  const groups = symbol.groups;
  const about = symbol.description;
  if (score !== undefined && typeof score !== "number") return new Error(`the score of ${name} is a number`);
  if (shots !== undefined && typeof shots !== "number") return new Error(`nshots of ${name} is a number`);
  return {
    ...(score === undefined ? {} : { score }),
    ...(shots === undefined ? {} : { shots }),
    ...(typeof about === "string" ? { about } : {}),
    ...(Array.isArray(groups) ? { groups: groups.map(String) } : {}),
  };
}

/** Declarations and configuration taken together. `extra` are symbols that configuration itself declares (composites). */
export function makeWeights(
  actors: readonly Actor[],
  groups: Readonly<Record<string, GroupConfig>>,
  unknownWeight: number,
  extra: ReadonlyMap<string, Weight>,
): Weights {
  const weights = new Map<string, Weight>(extra);
  const taught = new Set<string>();
  for (const actor of actors) {
    for (const check of actor.checks) {
      for (const [name, spec] of Object.entries(check.symbols)) {
        const { score, about, group = check.group, shots = 1, factor = 1 } = spec;
        weights.set(name, { score, about, groups: [group], shots, factor });
        if (spec.taught) taught.add(name);
      }
    }
  }
  for (const [groupName, group] of Object.entries(groups)) {
    for (const [name, override] of Object.entries(group.symbols)) {
      const known = weights.get(name) ?? { score: unknownWeight, about: "", groups: [], shots: 1, factor: 1 };
      weights.set(name, {
        ...known,
        score: override.score ?? known.score,
        about: override.about ?? known.about,
        shots: override.shots ?? (group.oneShot ? 1 : known.shots),
        groups: [...new Set([groupName, ...(override.groups ?? []), ...known.groups])],
      });
    }
  }
  const caps = new Map(defaultCaps);
  const shares = new Map(defaultShares);
  for (const [name, group] of Object.entries(groups)) {
    const { max, min, share } = group;
    if (share !== undefined) shares.set(name, share);
    if (max !== undefined || min !== undefined) {
      caps.set(name, { ...(max === undefined ? {} : { max }), ...(min === undefined ? {} : { min }) });
    }
  }
  const unknown: Weight = { score: unknownWeight, about: "", groups: [], shots: 1, factor: 1 };
  return { caps, shares, taught, of: (symbol) => weights.get(symbol) ?? unknown };
}
