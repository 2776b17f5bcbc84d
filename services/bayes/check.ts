import { defineCheck } from "../../shared/check.ts";
import { classifierConfig } from "./config.ts";
import { evidenceOf, probabilityOf } from "./evidence.ts";
import { mailTokens, reads } from "./mail-tokens.ts";
import { lessonsOf, type Model, openModel } from "./model.ts";
import { TokenSet } from "./token-set.ts";

/** Nearer to a toss of a coin than this nothing is said (R 5.1). */
const leastConfidence = 0.05;
/**
 * The factor of a symbol is the confidence, 0 to 1, to this power: only what is nearly certain counts (R 5.1), for what is
 * unsure must not decide together with rules that are often wrong.
 */
const power = 16;

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
    BAYES_SPAM: { score: 8, about: "Words and marks of the mail are those of spam, with this probability." },
    BAYES_HAM: { score: -7, about: "Words and marks of the mail are those of wanted mail, with this probability." },
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
      const probability = probabilityOf(evidence, spam + ham);
      const confidence = 2 * Math.abs(probability - 0.5);
      if (confidence <= 2 * leastConfidence) return;
      const detail = { factor: confidence ** power, options: [`${(100 * confidence).toFixed(2)}%`] };
      ctx.hit(probability > 0.5 ? "BAYES_SPAM" : "BAYES_HAM", detail);
    };
    const model = openModel(ctx, config.size);
    return model instanceof Promise ? model.then(judge) : judge(model);
  },
});
