import { defineCheck } from "../../../shared/check.ts";
import { catchUp } from "../catch-up.ts";
import { neuralConfig } from "../config.ts";
import { openPublished, type Published } from "../published.ts";
import { probabilityOf } from "./calibrate.ts";
import { featureFacts } from "./features.ts";
import { judgeText } from "./judge.ts";

/** Log odds nearer to 0 than this say nothing. */
const least = 0.4;
/** Log odds that count in full: a probability of 99.9 %. Below that the surer one must have the higher score. */
const full = 7;

export const text = defineCheck({
  name: "TEXT_CHECK",
  about: "Judges the language and the make of a mail by a network that came with Sluice and learns here.",
  stage: "classify",
  group: "neural",
  reads: featureFacts,
  config: neuralConfig,
  symbols: {
    TEXT_SPAM: { score: 10, about: "The text reads like spam, with this probability." },
    TEXT_HAM: { score: -9, about: "The text reads like wanted mail, spam with this probability only." },
  },
  configured: ({ neural }) => (neural.enabled && neural.text.enabled ? {} : null),
  run(task, ctx) {
    const { text: settings } = ctx.config.neural;
    const judge = (published: Published): void => {
      catchUp(ctx, published, settings.min_learns);
      const odds = judgeText(task, published.text, settings.min_learns);
      if (Math.abs(odds) < least) return;
      const detail = {
        factor: Math.min(1, Math.abs(odds) / full),
        options: [`${(100 * probabilityOf(odds)).toFixed(1)}%`],
      };
      ctx.hit(odds > 0 ? "TEXT_SPAM" : "TEXT_HAM", detail);
    };
    const published = openPublished(ctx);
    return published instanceof Promise ? published.then(judge) : judge(published);
  },
});
