// The section `classifier`: its keys are those of Rspamd's statistic.conf where they mean the same.

import { nearest } from "../../shared/config/nearest.ts";
import { bytes, custom, flag, integer, type Notes, type SectionValue, section } from "../../shared/config/schema.ts";
import type { Ucl, UclObject } from "../../shared/config/ucl.ts";
import type { LearnerPlace } from "../../shared/learning/learner.ts";
import type { Owners } from "./owner.ts";
import { leastTable, mostTable } from "./table-size.ts";

export interface AutolearnConfig {
  readonly enabled: boolean;
  /** Score from which a rejected mail is learned as spam; null is the threshold of reject. */
  readonly spamThreshold: number | null;
  /** Score from which a marked mail is learned as spam; null is never. */
  readonly junkThreshold: number | null;
  /** Score up to which a clean mail is learned as ham. */
  readonly hamThreshold: number;
  readonly balance: number;
  readonly dailyCap: number;
}

const off: AutolearnConfig = {
  enabled: false,
  spamThreshold: null,
  junkThreshold: null,
  hamThreshold: 0,
  balance: 0.9,
  dailyCap: 1000,
};

export const classifierConfig = {
  classifier: section("Classifiers that learn.", {
    bayes: section("Words and other marks of spam and ham (services/bayes).", {
      enabled: flag(true, "no: it is not asked, and learns nothing."),
      min_learns: integer(10, "Lessons of each kind before it says anything.", { min: 0, max: 1_000_000 }),
      min_tokens: integer(11, "Different tokens that a mail must have to be judged or learned.", { min: 1, max: 1000 }),
      autolearn: custom(
        off,
        "Learn from clear verdicts: yes, [ham, spam] scores, or { spam_threshold, ham_threshold, junk_threshold, check_balance, min_balance, daily_cap }.",
        parseAutolearn,
        printAutolearn,
      ),
      per_user: custom<Owners>(
        "none",
        "yes: users have models of their own beside that of all; domain: domains have.",
        (value) => owners.get(value) ?? new Error('must be yes, no or "domain"'),
        (value) => (value === "none" ? false : value === "user" ? true : value),
      ),
      size: bytes(
        16 * 1024 * 1024,
        "Memory for all tokens; rounded down to a power of two. Changing it forgets them.",
        {
          min: leastTable,
          max: mostTable,
        },
      ),
    }),
  }),
};

export type BayesConfig = SectionValue<typeof classifierConfig.classifier>["bayes"];

/** The actor's own section, as a learner's place hands it out. */
export function configAt(config: LearnerPlace["config"]): BayesConfig {
  // `classifier` was checked against the section above.
  return (config("classifier") as SectionValue<typeof classifierConfig.classifier>).bayes;
}

const owners = new Map<Ucl, Owners>([
  [true, "user"],
  [false, "none"],
  ["user", "user"],
  ["domain", "domain"],
]);

/** Keys of Rspamd's that mean nothing here. */
const unsupported: ReadonlySet<string> = new Set(["options", "learn_verdict", "balance", "require_queue_id"]);

function parseAutolearn(value: Ucl, notes: Notes): AutolearnConfig | Error {
  if (typeof value === "boolean") return { ...off, enabled: value };
  if (Array.isArray(value)) {
    const [ham, spam] = value;
    if (value.length !== 2 || typeof ham !== "number" || typeof spam !== "number" || ham >= spam) {
      return new Error("as a list has two scores: ham, and a higher one for spam");
    }
    return { ...off, enabled: true, hamThreshold: ham, spamThreshold: spam };
  }
  if (typeof value !== "object" || value === null) return new Error("must be yes, no, two scores or a section");
  return parseThresholds(value as UclObject, notes);
}

function parseThresholds(given: UclObject, notes: Notes): AutolearnConfig {
  const known = [
    "enabled",
    "spam_threshold",
    "junk_threshold",
    "ham_threshold",
    "check_balance",
    "min_balance",
    "daily_cap",
  ];
  for (const key of Object.keys(given)) {
    if (unsupported.has(key)) notes.unsupported([key]);
    else if (!known.includes(key)) notes.error([key], "is no key of autolearn", nearest(key, known));
  }
  const number = (key: string, min: number, max: number): number | null => {
    const value = given[key];
    if (value === undefined || value === null) return null;
    if (typeof value === "number" && value >= min && value <= max) return value;
    notes.error([key], `must be a number from ${min} to ${max}`);
    return null;
  };
  const balanced = given.check_balance !== false;
  return {
    enabled: given.enabled !== false,
    spamThreshold: number("spam_threshold", -1000, 1000),
    junkThreshold: number("junk_threshold", -1000, 1000),
    hamThreshold: number("ham_threshold", -1000, 1000) ?? off.hamThreshold,
    balance: balanced ? (number("min_balance", 0, 1) ?? off.balance) : 0,
    dailyCap: number("daily_cap", 0, 10_000_000) ?? off.dailyCap,
  };
}

function printAutolearn(value: AutolearnConfig): Ucl {
  if (!value.enabled) return false;
  return {
    spam_threshold: value.spamThreshold,
    junk_threshold: value.junkThreshold,
    ham_threshold: value.hamThreshold,
    min_balance: value.balance,
    daily_cap: value.dailyCap,
  };
}
