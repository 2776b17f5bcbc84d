import { defineCheck } from "../../shared/check.ts";
import { classifierConfig } from "./config.ts";
import { evidenceOf, oddsOf } from "./evidence.ts";
import { mailTokens, reads } from "./mail-tokens.ts";
import { lessonsOf, type Model, openModel } from "./model.ts";
import { TokenSet } from "./token-set.ts";

/** Log odds nearer to 0 than this say nothing: within five per cent of a toss of a coin (R 5.1). */
const least = 0.2;
/**
 * Log odds that count in full: what is certain must differ from what is nearly so. 99.9 % has the score that Rspamd gives to
 * certainty.
 */
const full = 12;

const set = new TokenSet();

export const bayes = defineCheck({
  name: "BAYES_CHECK",
  about: "Judges a mail by its words and other marks, as it was taught.",
  stage: "classify",
  group: "statistics",
  reads,
  cost: "cheap",
  config: classifierConfig,
  symbols: {
    BAYES_SPAM: {
      score: 9,
      about: "Words and marks of the mail are those of spam, with this probability.",
      taught: true,
    },
    BAYES_HAM: {
      score: -7,
      about: "Words and marks of the mail are those of wanted mail, with this probability.",
      taught: true,
    },
  },
  configured: ({ classifier }) => (classifier.bayes.enabled ? {} : null),
  run(task, ctx) {
    const config = ctx.config.classifier.bayes;
    const judge = (model: Model): void => {
      const { spam, ham } = lessonsOf(model);
      if (Math.min(spam, ham) < config.min_learns) return;
      mailTokens(task, config.per_user, set);
      if (set.size < config.min_tokens) return;
      const evidence = evidenceOf(model.tokens.live.counters, model.bits, set.tokens, set.size);
      const odds = oddsOf(evidence, spam + ham);
      if (Math.abs(odds) < least) return;
      // How far from a toss of a coin, which is what readers of this symbol know.
      const confidence = Math.tanh(Math.abs(odds) / 2);
      const detail = { factor: Math.min(1, Math.abs(odds) / full), options: [`${(100 * confidence).toFixed(2)}%`] };
      ctx.hit(odds > 0 ? "BAYES_SPAM" : "BAYES_HAM", detail);
    };
    const model = openModel(ctx, config.size);
    return model instanceof Promise ? model.then(judge) : judge(model);
  },
});
