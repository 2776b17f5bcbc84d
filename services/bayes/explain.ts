// Which words and marks of a mail decided. The model knows only hashes; here the mail is at hand, so its words are known.

import type { Explanation, LessonTask } from "../../shared/learning/learner.ts";
import type { BayesConfig } from "./config.ts";
import { evidenceOf, probabilityOf, shareOf } from "./evidence.ts";
import { mailTokens } from "./mail-tokens.ts";
import { lessonsOf, type Model } from "./model.ts";
import { TokenSet } from "./token-set.ts";

const mostMarks = 30;

export function explain(task: LessonTask, config: BayesConfig, model: Model): Explanation {
  const set = new TokenSet({ named: true });
  mailTokens(task, config.per_user, set);
  const { spam, ham } = lessonsOf(model);
  const { counters } = model.tokens.live;
  const weights = new Map<string, number>();
  for (const [i, name] of (set.names ?? []).entries()) {
    const share = shareOf(counters, model.bits, set.tokens[i] ?? 0, set.size);
    weights.set(name, (weights.get(name) ?? 0) + share);
  }
  const known = [...weights].map(([mark, weight]) => ({ mark, weight })).filter(({ weight }) => weight !== 0);
  known.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const enough = Math.min(spam, ham) >= config.min_learns && set.size >= config.min_tokens;
  const evidence = evidenceOf(counters, model.bits, set.tokens, set.size);
  return {
    probability: enough ? probabilityOf(evidence, spam + ham) : null,
    marks: known.slice(0, mostMarks),
    note: `${known.length} of ${weights.size} marks known, after ${spam} lessons of spam and ${ham} of ham`,
  };
}
