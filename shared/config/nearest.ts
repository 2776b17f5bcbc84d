// The name that was probably meant: smallest edit distance, where swapping two neighbours counts as one edit.

/** Longer names are not looked at: nobody mistypes so much. */
const longest = 64;

/** Edits (insert, delete, replace, swap neighbours) that turn `a` into `b`; more than `limit` comes back as `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits = Math.min(edits, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(edits);
      if (edits < best) best = edits;
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/** The name closest to `name`, or undefined when none is close: at most a third of it may differ. Case counts little. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > longest) return undefined;
  const wanted = name.toLowerCase().replaceAll("-", "_");
  let limit = Math.max(1, Math.floor(wanted.length / 3));
  let found: string | undefined;
  for (const candidate of names) {
    if (candidate === name || candidate.length > longest) continue;
    const edits = editDistance(wanted, candidate.toLowerCase().replaceAll("-", "_"), limit);
    if (edits > limit) continue;
    if (edits === 0) return candidate;
    found = candidate;
    limit = edits - 1;
  }
  return found;
}
