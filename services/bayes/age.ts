// Ageing: a table of fixed size must not fill up, nor its counters reach their end.

import { halve } from "./halving.ts";
import type { Model } from "./model.ts";

/** Lessons between two looks: a look goes over the whole table. */
const lessonsBetween = 500;
/** Part of the tokens' numbers that may be in use: beyond that too many tokens share one. */
const mostUsed = 0.5;
/** A counter this high soon stays where it is. */
const high = 60_000;

const lessonsSince = new WeakMap<Model, number>();

/** Called after lessons, in the one process that learns: it looks at its first. Answers whether it halved. */
export async function age(model: Model, lessons: number): Promise<boolean> {
  const since = (lessonsSince.get(model) ?? lessonsBetween) + lessons;
  lessonsSince.set(model, since < lessonsBetween ? since : 0);
  if (since < lessonsBetween || !isFull(model)) return false;
  await halve(model);
  return true;
}

export function isFull({ tokens, bits }: Pick<Model, "tokens" | "bits">): boolean {
  const { counters } = tokens.live;
  let used = 0;
  for (let cell = 0; cell < counters.length; cell += 2) {
    const spam = counters[cell] ?? 0;
    const ham = counters[cell + 1] ?? 0;
    if (spam > high || ham > high) return true;
    if (spam !== 0 || ham !== 0) used++;
  }
  return used > mostUsed * 2 ** bits;
}
