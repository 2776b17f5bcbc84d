// How well a filter does on mails that were judged.

import { oneMinusRoca } from "../roca.ts";

export interface Judged {
  readonly spam: boolean;
  /** Higher is more like spam. */
  readonly score: number;
}

export interface Accuracy {
  /** Per cent: how often a spam has a lower score than a ham, of all pairs of one of each; ties count half. */
  readonly oneRoca: number;
  /** Per cent of the spam that is found when one ham in a thousand may be taken for spam. */
  readonly caught: number;
}

export function accuracy(judged: readonly Judged[]): Accuracy {
  const scoresOf = (kind: boolean) => judged.filter(({ spam }) => spam === kind).map(({ score }) => score);
  const [ham, spam] = [scoresOf(false), scoresOf(true)];
  // The ham that is the first one too many must stay below what counts as spam.
  const limit = ham.sort((a, b) => b - a)[Math.floor(ham.length / 1000)] ?? Number.NEGATIVE_INFINITY;
  const caught = spam.filter((score) => score > limit).length / spam.length;
  return { oneRoca: oneMinusRoca(ham, spam), caught: 100 * caught };
}

export function mean(all: readonly Accuracy[]): Accuracy {
  const of = (key: keyof Accuracy) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return { oneRoca: of("oneRoca"), caught: of("caught") };
}
