// How alike things are: the parts of an alternative, the recipients of a message.

import type { RuleTask } from "./sources.ts";

/** Fewer recipients are alike or in order by chance. */
const fewRecipients = 7;
const beginning = 3;
/** Words of each part that are compared. */
const mostWords = 5_000;

/** How far the plain text and the HTML of one alternative differ, in percent of their words; null without both. */
export function partsDistance({ structure, text }: RuleTask): number | null {
  const parentOf = (part: number) => structure.parts[part]?.parent ?? -1;
  for (const plain of text) {
    const parent = parentOf(plain.part);
    if (plain.html || structure.parts[parent]?.type !== "multipart/alternative") continue;
    const html = text.find((other) => other.html && within(other.part, parent, parentOf));
    if (html) return distance(wordCounts(plain.text), wordCounts(html.text));
  }
  return null;
}

function within(part: number, ancestor: number, parentOf: (part: number) => number): boolean {
  for (let at = parentOf(part); at >= 0; at = parentOf(at)) if (at === ancestor) return true;
  return false;
}

function wordCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let words = 0;
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (words === mostWords) break;
    words += 1;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

function distance(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  let total = 0;
  for (const [word, count] of a) {
    common += Math.min(count, b.get(word) ?? 0);
    total += count;
  }
  for (const count of b.values()) total += count;
  return total === 0 ? 0 : 100 * (1 - (2 * common) / total);
}

/** Of the recipients in To and Cc, the share that begins like another one; 0 when they are few. */
export function recipientsAlike({ headers }: RuleTask): number {
  const starts = [...headers.to, ...headers.cc].map(({ user }) => user.toLowerCase().slice(0, beginning));
  if (starts.length < fewRecipients) return 0;
  const counts = new Map<string, number>();
  for (const start of starts) counts.set(start, (counts.get(start) ?? 0) + 1);
  return starts.filter((start) => (counts.get(start) ?? 0) > 1).length / starts.length;
}

/** Whether the recipients in To stand in the order of the alphabet. */
export function recipientsSorted({ headers }: RuleTask): boolean {
  const addresses = headers.to.map(({ address }) => address.toLowerCase());
  if (addresses.length < fewRecipients) return false;
  return addresses.every((address, at) => at === 0 || (addresses[at - 1] ?? "") <= address);
}
