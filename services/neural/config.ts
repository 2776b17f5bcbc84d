// The section `neural`. Keys that Rspamd has too mean the same (R 5.3).

import {
  duration,
  flag,
  integer,
  number,
  optional,
  type SectionValue,
  section,
  table,
  text,
} from "../../shared/config/schema.ts";
import type { LearnerPlace } from "../../shared/learning/learner.ts";

const day = 86_400_000;

const rule = section("A network over symbols, with a memory of its own.", {
  symbol_spam: text("", "Symbol for spam. Default: NEURAL_SPAM_ and the name of the rule in capitals."),
  symbol_ham: text("", "Symbol for wanted mail. Default: NEURAL_HAM_ and the name of the rule in capitals."),
  train: section("What it learns from; default: neural.train.", {
    max_trains: optional(integer(1000, "Newest lessons of each label that it learns from.", { min: 20, max: 5000 })),
    max_iterations: optional(integer(25, "Times that it goes through them.", { min: 1, max: 200 })),
    learning_rate: optional(number(0.01, "How far a single lesson moves it.", { min: 0.0001, max: 0.5 })),
  }),
  ann_expire: duration(100 * day, "A network that has learned nothing for so long is forgotten.", { min: 3_600_000 }),
  spam_score_threshold: number(0.3, "Output (-1 to 1) from which mail is spam.", { min: 0, max: 1 }),
  ham_score_threshold: number(-0.3, "Output (-1 to 1) down to which mail is wanted.", { min: -1, max: 0 }),
  flat_threshold_curve: flag(false, "Beyond the threshold the symbol counts in full, however sure the network is."),
});

type Rule = SectionValue<typeof rule>;

function profile(spam: string, ham: string, maxTrains: number | null, expire: number): Rule {
  const train = { max_trains: maxTrains, max_iterations: null, learning_rate: null };
  return { ...rule.fallback, symbol_spam: spam, symbol_ham: ham, train, ann_expire: expire };
}

export const neuralConfig = {
  neural: section("Networks that learn: one over the text of a mail, others over the symbols that it has.", {
    enabled: flag(true, "no: nothing is asked, and nothing is learned."),
    text: section("The network over the text.", {
      enabled: flag(true, "no: it says nothing. It learns all the same."),
      min_learns: integer(
        5,
        "Lessons of each label after which it believes them fully; with fewer it leans on what it came with.",
        { min: 0, max: 1_000_000 },
      ),
    }),
    train: section("What the networks over symbols learn from, where a rule says nothing of its own.", {
      max_trains: integer(1000, "Newest lessons of each label.", { min: 20, max: 5000 }),
      max_iterations: integer(25, "Times that a network goes through them.", { min: 1, max: 200 }),
      learning_rate: number(0.01, "How far a single lesson moves a network.", { min: 0.0001, max: 0.5 }),
      autotrain: flag(false, "Verdicts are lessons too, for all networks of this actor, when they are clear."),
      spam_score: optional(number(15, "Score from which a verdict is a lesson of spam. Unset: that of reject.")),
      ham_score: number(0, "Score up to which a verdict is a lesson of ham."),
      daily_cap: integer(500, "Verdicts of a day and label that are lessons.", { min: 0, max: 1_000_000 }),
    }),
    rules: table(
      rule,
      {
        short: profile("NEURAL_SPAM_SHORT", "NEURAL_HAM_SHORT", 100, 7 * day),
        normal: profile("NEURAL_SPAM", "NEURAL_HAM", null, 30 * day),
        long: profile("NEURAL_SPAM_LONG", "NEURAL_HAM_LONG", 5000, 100 * day),
      },
      "Networks over symbols by name; your own take the place of these three.",
    ),
    remember: duration(
      3 * day,
      "How long the symbols of a scanned mail are kept, for the case that somebody says what it is; 0: not at all.",
      { min: 0, max: 30 * day },
    ),
  }),
};

export type NeuralConfig = SectionValue<typeof neuralConfig.neural>;

/** The actor's own section, as a learner's place hands it out. */
export function configAt(config: LearnerPlace["config"]): NeuralConfig {
  // `neural` was checked against the section above.
  return config("neural") as NeuralConfig;
}

/** A rule with its name and everything decided. */
export interface Profile {
  readonly name: string;
  readonly symbolSpam: string;
  readonly symbolHam: string;
  readonly maxTrains: number;
  readonly maxIterations: number;
  readonly learningRate: number;
  readonly expire: number;
  readonly spamThreshold: number;
  readonly hamThreshold: number;
  readonly flat: boolean;
}

/** The configuration is the same object until it changes. */
const known = new WeakMap<NeuralConfig, readonly Profile[]>();

export function profilesOf(config: NeuralConfig): readonly Profile[] {
  let profiles = known.get(config);
  if (profiles === undefined) {
    profiles = Object.entries(config.rules).map(([name, value]) => profileOf(name, value, config.train));
    known.set(config, profiles);
  }
  return profiles;
}

function profileOf(name: string, value: Rule, train: NeuralConfig["train"]): Profile {
  const capitals = name.toUpperCase().replace(/[^A-Z0-9_]/g, "_");
  return {
    name,
    symbolSpam: value.symbol_spam || `NEURAL_SPAM_${capitals}`,
    symbolHam: value.symbol_ham || `NEURAL_HAM_${capitals}`,
    maxTrains: value.train.max_trains ?? train.max_trains,
    maxIterations: value.train.max_iterations ?? train.max_iterations,
    learningRate: value.train.learning_rate ?? train.learning_rate,
    expire: value.ann_expire,
    spamThreshold: value.spam_score_threshold,
    hamThreshold: value.ham_score_threshold,
    flat: value.flat_threshold_curve,
  };
}
