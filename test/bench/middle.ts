/** The middle of some measurements; 0 of none. Of an even number it is the larger of the two. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
