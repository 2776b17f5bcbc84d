// Sluice as a candidate: the verdict's whole score, and the two classifiers by themselves.

import type { Candidate } from "./filter.ts";
import { type FirstModelName, firstModels, useFirstModel } from "./first-models.ts";
import { startWhole } from "./whole.ts";

/** What the first model of a case may have seen: never the mail that is judged. */
export function firstModelOf(caseName: string): FirstModelName {
  return caseName === "fresh" ? "early" : "general";
}

/** ms of CPU that the classifiers spent. */
export const spent = { bayes: 0, text: 0, mails: 0 };

export const sluice: Candidate = {
  name: "Sluice",
  rows: ["Sluice", "  bayes alone", "  text alone"],
  leavesOut: {},
  missing: async () => null,
  async open(caseName) {
    useFirstModel(firstModels()[firstModelOf(caseName)]);
    const whole = await startWhole();
    const isOnline = caseName === "online";
    return {
      async learn(lessons) {
        // The networks over symbols learn from mail that was scanned.
        if (!isOnline) for (const { mail } of lessons) await whole.judge(mail);
        await whole.learn(lessons);
      },
      async judge(mails) {
        const scores: number[][] = [];
        for (const mail of mails) {
          const { verdict, bayes, text } = await whole.judge(mail);
          scores.push([verdict.score, bayes, text]);
        }
        return scores;
      },
      async close() {
        for (const part of ["bayes", "text", "mails"] as const) spent[part] += whole.spent[part];
        await whole.close();
      },
    };
  },
  end: async () => undefined,
};
