// Which verdicts are learned by themselves: those that are clear without the classifier (R 5.1).

import type { AutomaticLesson } from "../../shared/learning/learner.ts";
import type { Standing } from "../../shared/task.ts";
import type { BayesConfig } from "./config.ts";

/** Symbols on a side that make a verdict more than the opinion of one check. */
const severalSymbols = 2;
const mildHamSymbols = 3;

export function automaticLesson(standing: () => Standing, { enabled, autolearn }: BayesConfig): AutomaticLesson | null {
  if (!enabled || !autolearn.enabled) return null;
  const { score, required, action, symbols } = standing();
  const positive = symbols.filter((symbol) => symbol.score > 0).length;
  const negative = symbols.filter((symbol) => symbol.score < 0).length;
  const hasRaised = (opinion: string) => symbols.some(({ name }) => name === opinion);
  const limits = { dailyCap: autolearn.dailyCap, balance: autolearn.balance };
  const isSpam = action === "reject" && score >= (autolearn.spamThreshold ?? required);
  const isJunk =
    autolearn.junkThreshold !== null &&
    (action === "add header" || action === "rewrite subject") &&
    score >= autolearn.junkThreshold;
  // What the classifier said itself is no news to it.
  if ((isSpam || isJunk) && positive >= severalSymbols && !hasRaised("BAYES_SPAM")) {
    return { label: "spam", ...limits };
  }
  const isClean = action === "no action" && (score < 0 || negative >= mildHamSymbols);
  if (isClean && score <= autolearn.hamThreshold && !hasRaised("BAYES_HAM")) return { label: "ham", ...limits };
  return null;
}
