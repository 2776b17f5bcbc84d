// Words that mix alphabets (R 3.13).

import { defineCheck } from "../../shared/check.ts";
import { integer, number, section } from "../../shared/config/schema.ts";
import { mixture } from "./scripts.ts";

export const chartableConfig = {
  chartable: section("Words that mix alphabets.", {
    threshold: number(0.1, "Share of changes between alphabets within words from which the text is suspicious.", {
      min: 0,
      max: 1,
    }),
    max_word_len: integer(10, "Longer words do not count: they are names of products and the like.", { min: 1 }),
  }),
};

/** Characters of a text that are looked at. */
const longest = 65_536;

/** Fewer words that mix are slips of a keyboard. */
const fewest = 3;

export const chartable = defineCheck({
  name: "CHARTABLE_CHECK",
  about: "Looks for words that mix alphabets.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "text"],
  config: chartableConfig,
  symbols: {
    R_MIXED_CHARSET: { score: 5, about: "Words mix letters of several alphabets." },
  },
  run(task, ctx) {
    const { threshold, max_word_len } = ctx.config.chartable;
    for (const text of [task.headers.subject ?? "", ...task.text.map((part) => part.text)]) {
      if (!/[^\0-\x7f]/.test(text)) continue;
      const share = mixture(text, max_word_len, fewest, longest);
      if (share > threshold) ctx.hit("R_MIXED_CHARSET", { factor: Math.min(1, share) });
    }
  },
});
