// What the documents of one message may cost to read: one budget for all of them, archives too, so that many bad files
// take no longer than one. It counts work and not time: the same message is always read alike.

export interface Effort {
  /** What may still be spent: a byte of text that is looked at costs about 1, which is some 10 ns. */
  left: number;
}

/** Takes from what is left; false when that was the last of it. */
export function spend(effort: Effort, cost: number): boolean {
  effort.left -= cost;
  return effort.left > 0;
}

/** Does one of `count` pieces of work that are still to come, with a fair share of the whole. What it leaves goes back. */
export function withShare<Result>(whole: Effort, count: number, work: (share: Effort) => Result): Result {
  const granted = Math.max(0, whole.left / count);
  const share = { left: granted };
  const result = work(share);
  whole.left -= granted - share.left;
  return result;
}
