// How far words are from each other.

/** Characters of a label (RFC 1035, 2.3.4), and so of all that is compared. */
const longest = 63;

/** Insertions, deletions and replacements that turn one word into the other. What is beyond 63 characters is cut off. */
export function editDistance(one: string, other: string): number {
  const a = one.slice(0, longest);
  const b = other.slice(0, longest);
  if (a === b) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Letter, digit, or anything beyond ASCII. */
function isWordCode(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c > 127;
}

/** A token without the punctuation around it. */
function trimmed(token: string): string {
  let start = 0;
  let end = token.length;
  while (start < end && !isWordCode(token.charCodeAt(start))) start++;
  while (end > start && !isWordCode(token.charCodeAt(end - 1))) end--;
  return token.slice(start, end);
}

export interface WordCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Words of a text by how often they occur, in lower case; URLs and addresses are none. At most `most` are read. */
export function countWords(text: string, most: number): WordCounts {
  const counts = new Map<string, number>();
  let total = 0;
  // A word has sixteen characters at most, more or less: what is beyond is not even split.
  for (const token of text
    .slice(0, most * 16)
    .toLowerCase()
    .split(/[\s<>()[\]"|]+/)) {
    if (total >= most) break;
    const word = trimmed(token);
    if (word === "" || word.length > 64 || word.includes("://") || word.includes("@") || word.startsWith("www."))
      continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
    total++;
  }
  return { counts, total };
}

/** Share of the words of both texts that the other one does not have, 0 to 1. */
export function wordDistance(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let all = 0;
  let shared = 0;
  for (const [word, count] of one) {
    all += count;
    shared += Math.min(count, other.get(word) ?? 0);
  }
  for (const count of other.values()) all += count;
  return all === 0 ? 0 : (all - 2 * shared) / all;
}
