// How well scores part ham from spam.

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
  const order = [...judged].sort((a, b) => b.score - a.score);
  const spams = judged.filter(({ spam }) => spam).length;
  const hams = judged.length - spams;
  let area = 0;
  let found = 0;
  let mistaken = 0;
  let caught = 0;
  for (let at = 0; at < order.length; ) {
    const { score } = order[at] ?? { score: 0 };
    let [spam, ham] = [0, 0];
    for (; order[at]?.score === score; at++)
      if (order[at]?.spam) spam++;
      else ham++;
    area += ham * (found + spam / 2);
    found += spam;
    mistaken += ham;
    if (mistaken <= hams / 1000) caught = found / spams;
  }
  return { oneRoca: 100 * (1 - area / spams / hams), caught: 100 * caught };
}

export function mean(all: readonly Accuracy[]): Accuracy {
  const of = (key: keyof Accuracy) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return { oneRoca: of("oneRoca"), caught: of("caught") };
}
