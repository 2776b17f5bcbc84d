// The section `whitelist`: domains that are trusted, or watched, once SPF, DKIM or DMARC vouch for them (R 3.13).

import { custom, flag, type Notes, section } from "../../../shared/config/schema.ts";
import type { Ucl, UclObject } from "../../../shared/config/ucl.ts";
import { emptySource, type MapSource, parser, print } from "../../../shared/map/source.ts";

export interface Rule {
  /** What must hold; at least one of them. */
  readonly spf: boolean;
  readonly dkim: boolean;
  readonly dmarc: boolean;
  readonly domains: MapSource;
  /** Only mail that lacks what it should have is of interest. */
  readonly blacklist: boolean;
  /** Mail of a trusted domain that lacks it is marked, too. */
  readonly strict: boolean;
  readonly score: number;
  /** Raised for such mail. */
  readonly inverse?: string;
  readonly about: string;
  readonly group: string;
}

export type Rules = Readonly<Record<string, Rule>>;

type Mechanisms = Pick<Rule, "spf" | "dkim" | "dmarc">;
const nothing: Mechanisms = { spf: false, dkim: false, dmarc: false };

function known(mechanisms: Partial<Mechanisms>, score: number, inverse: string, what: string): Rule {
  const about = `The message is of a domain that is trusted, and has ${what}.`;
  return {
    ...nothing,
    ...mechanisms,
    domains: emptySource,
    blacklist: false,
    strict: false,
    score,
    inverse,
    about,
    group: "whitelist",
  };
}

/** Rules that Rspamd's operators find, with their scores; they do nothing until they have domains. */
const knownRules: Rules = {
  WHITELIST_SPF: known({ spf: true }, -1, "BLACKLIST_SPF", "valid SPF"),
  WHITELIST_DKIM: known({ dkim: true }, -1, "BLACKLIST_DKIM", "a valid DKIM signature"),
  WHITELIST_SPF_DKIM: known(
    { spf: true, dkim: true },
    -3,
    "BLACKLIST_SPF_DKIM",
    "valid SPF and a valid DKIM signature",
  ),
  WHITELIST_DMARC: known({ dmarc: true }, -7, "BLACKLIST_DMARC", "passed DMARC"),
};

/** Scores of what is raised when such mail lacks it. */
export const inverseScores: Readonly<Record<string, number>> = {
  BLACKLIST_SPF: 1,
  BLACKLIST_DKIM: 2,
  BLACKLIST_SPF_DKIM: 3,
  BLACKLIST_DMARC: 6,
};

const symbolName = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;
const ruleKeys = [
  "valid_spf",
  "valid_dkim",
  "valid_dmarc",
  "domains",
  "blacklist",
  "strict",
  "score",
  "inverse_symbol",
  "description",
  "group",
  "enabled",
];
/** Keys of Rspamd's that mean nothing here. */
const unsupportedKeys: ReadonlySet<string> = new Set(["one_shot", "inverse_multiplier", "flags", "priority"]);
const mostRules = 1_000;

export const whitelistConfig = {
  whitelist: section("Domains that are trusted when SPF, DKIM or DMARC vouch for them.", {
    enabled: flag(true, "Apply the rules."),
    rules: custom(
      knownRules,
      "SYMBOL { valid_spf, valid_dkim, valid_dmarc, domains, score, strict, blacklist, inverse_symbol, description }.",
      parseRules,
      printRules,
    ),
  }),
};

function parseRules(value: Ucl, notes: Notes): Rules | Error {
  const rules: Record<string, Rule> = { ...knownRules };
  const given = mergedRules(value);
  if (given === undefined) return new Error("is a section of rules");
  if (given.size > mostRules) return new Error(`has more than ${mostRules} rules`);
  for (const [name, written] of given) {
    const rule = parseRule(name, written, notes);
    if (rule !== undefined) rules[name] = rule;
    else delete rules[name];
  }
  return rules;
}

/** A section may be written in several pieces, and so may a rule: what is said later counts. */
function mergedRules(value: Ucl): ReadonlyMap<string, UclObject> | undefined {
  const merged = new Map<string, UclObject>();
  for (const piece of Array.isArray(value) ? value : [value]) {
    const section = objectOf(piece);
    if (section === undefined) return undefined;
    for (const [name, given] of Object.entries(section)) {
      for (const part of Array.isArray(given) ? given : [given]) {
        const rule = objectOf(part);
        if (rule === undefined) return undefined;
        merged.set(name, { ...merged.get(name), ...rule });
      }
    }
  }
  return merged;
}

function parseRule(name: string, given: UclObject, notes: Notes): Rule | undefined {
  const refuse = (key: string | undefined, message: string) => {
    notes.refuse(key === undefined ? [name] : [name, key], message);
    return undefined;
  };
  if (!symbolName.test(name)) return refuse(undefined, "cannot be the name of a symbol");
  if (given.enabled === false) return undefined;
  for (const key of Object.keys(given)) {
    if (unsupportedKeys.has(key)) notes.unsupported([name, key]);
    else if (!ruleKeys.includes(key)) return refuse(key, `is no key of a rule; it has ${ruleKeys.join(", ")}`);
  }
  const before = knownRules[name];
  for (const key of ["valid_spf", "valid_dkim", "valid_dmarc", "blacklist", "strict"]) {
    if (given[key] !== undefined && typeof given[key] !== "boolean") return refuse(key, "is yes or no");
  }
  const yes = (key: string, otherwise = false) => (typeof given[key] === "boolean" ? given[key] : otherwise);
  const spf = yes("valid_spf", before?.spf);
  const dkim = yes("valid_dkim", before?.dkim);
  const dmarc = yes("valid_dmarc", before?.dmarc);
  if (!spf && !dkim && !dmarc) return refuse(undefined, "needs valid_spf, valid_dkim or valid_dmarc");
  const score = given.score ?? before?.score ?? 0;
  if (typeof score !== "number") return refuse("score", "must be a number");
  const inverse = given.inverse_symbol ?? before?.inverse;
  if (inverse !== undefined && (typeof inverse !== "string" || !symbolName.test(inverse))) {
    return refuse("inverse_symbol", "cannot be the name of a symbol");
  }
  const strict = yes("strict");
  // A hit cannot weigh less than nothing: what is wrong with trusted mail has a symbol of its own.
  if (strict && inverse === undefined) {
    return refuse("strict", "needs an inverse_symbol, which mail of these domains gets that lacks what it should have");
  }
  const path = [name, "domains"];
  const domains = given.domains === undefined ? emptySource : parser("domains", path)(given.domains, notes);
  if (domains instanceof Error) return refuse("domains", domains.message);
  return {
    spf,
    dkim,
    dmarc,
    domains,
    blacklist: yes("blacklist"),
    strict,
    score,
    ...(inverse === undefined ? {} : { inverse }),
    about:
      typeof given.description === "string"
        ? given.description
        : (before?.about ?? `The rule whitelist.rules.${name} holds.`),
    group: typeof given.group === "string" ? given.group : "whitelist",
  };
}

/** As an operator writes it: what `parseRules` reads. */
function printRules(rules: Rules): Ucl {
  const written = Object.entries(rules).map(([name, rule]) => {
    const { spf, dkim, dmarc, domains, blacklist, strict, score, inverse, about, group } = rule;
    const printed: UclObject = {
      valid_spf: spf,
      valid_dkim: dkim,
      valid_dmarc: dmarc,
      domains: print(domains),
      blacklist,
      strict,
      score,
      ...(inverse === undefined ? {} : { inverse_symbol: inverse }),
      description: about,
      group,
    };
    return [name, printed] as const;
  });
  const without = Object.keys(knownRules).filter((name) => rules[name] === undefined);
  return Object.fromEntries([...written, ...without.map((name) => [name, { enabled: false }] as const)]);
}

function objectOf(value: Ucl): UclObject | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as UclObject) : undefined;
}
