// How well scores part ham from spam.

/** 1-ROCA in per cent: how often a spam has a lower score than a ham; ties count half. */
export function oneMinusRoca(ham: readonly number[], spam: readonly number[]): number {
  const sorted = Float64Array.from(ham).sort();
  let sum = 0;
  for (const score of spam) sum += (countBelow(sorted, score, false) + countBelow(sorted, score, true)) / 2;
  return 100 * (1 - sum / ham.length / spam.length);
}

/** How many are below the score, or up to it. */
function countBelow(sorted: Float64Array, score: number, equal: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle] ?? 0;
    if (value < score || (equal && value === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}
