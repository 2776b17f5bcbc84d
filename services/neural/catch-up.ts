// Lessons whose learner died before it published them are published by whoever looks next.

import type { Published, PublishedPlace } from "./published.ts";
import { openSchool } from "./school.ts";
import { lessonsOf } from "./tables.ts";

/** ms that lessons may be unpublished before somebody other than their learner publishes them. */
const patience = 3_000;
const caughtUp = new WeakSet<Published>();

/** Looks once for each process. */
export function catchUp(place: PublishedPlace, published: Published, minLearns: number): void {
  if (caughtUp.has(published)) return;
  caughtUp.add(published);
  const isBehind = (): boolean => {
    const { spam, ham } = lessonsOf(published.counts);
    const known = published.text?.lessons ?? { spam: 0, ham: 0 };
    return spam !== known.spam || ham !== known.ham;
  };
  if (!isBehind()) return;
  const { store, log } = place;
  setTimeout(() => {
    if (!isBehind()) return;
    openSchool(store, log)
      .then((school) => school.publish(minLearns))
      .catch((err) => log.warn({ err }, "lessons that wait to be published must wait on"));
  }, patience).unref();
}
