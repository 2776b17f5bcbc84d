import { defineCheck } from "../../../shared/check.ts";
import { catchUp } from "../catch-up.ts";
import { neuralConfig } from "../config.ts";
import { openPublished, type Published } from "../published.ts";
import { probabilityOf } from "./calibrate.ts";
import { featureFacts } from "./features.ts";
import { judgeText } from "./judge.ts";
import { firstShare, type TextNetwork } from "./network.ts";

/** Log odds nearer to 0 than this say nothing. Beside an opinion rules of style count half: there are few mails without one. */
const least = 0.05;
/**
 * Log odds that count in full; below that the surer one must have the higher score. The first of them when nobody else judges
 * the language, the other beside lessons, from which bayes knows it too.
 */
const full = { alone: 6, taught: 12 };

function fullFor(network: TextNetwork | null): number {
  if (network === null) return full.alone;
  // What the first model counts for falls from 1 to a half.
  return full.taught - (full.taught - full.alone) * (2 * firstShare(network.lessons) - 1);
}

export const text = defineCheck({
  name: "TEXT_CHECK",
  about: "Judges the language and the make of a mail by a network that came with Sluice and learns here.",
  stage: "classify",
  group: "neural",
  reads: featureFacts,
  config: neuralConfig,
  symbols: {
    TEXT_SPAM: { score: 14, about: "The text reads like spam, with this probability.", taught: true },
    TEXT_HAM: {
      score: -12.5,
      about: "The text reads like wanted mail, spam with this probability only.",
      taught: true,
    },
  },
  configured: ({ neural }) => (neural.enabled && neural.text.enabled ? {} : null),
  run(task, ctx) {
    const { text: settings } = ctx.config.neural;
    const judge = (published: Published): void => {
      catchUp(ctx, published, settings.min_learns);
      const odds = judgeText(task, published.text, settings.min_learns);
      if (Math.abs(odds) < least) return;
      const detail = {
        factor: Math.min(1, Math.abs(odds) / fullFor(published.text)),
        options: [`${(100 * probabilityOf(odds)).toFixed(1)}%`],
      };
      ctx.hit(odds > 0 ? "TEXT_SPAM" : "TEXT_HAM", detail);
    };
    const published = openPublished(ctx);
    return published instanceof Promise ? published.then(judge) : judge(published);
  },
});
