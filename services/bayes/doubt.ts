// Mistakes among lessons. A click on the wrong button is a lesson that all others contradict; one that is rare but right has
// others beside it sooner or later. So a lesson that is looked at again is judged by the model without it.

import { leastCorrection } from "../../shared/learning/pull.ts";

/** Lessons after which a model may doubt what it was taught. */
export const experience = 200;

/**
 * What is left of a lesson that is taken for a mistake: half of what it adds now, but never less than half of what a lesson
 * adds that nobody expected. `whole` is what a whole pull (shared/learning/pull.ts) would add.
 */
export function leftOf(added: number, whole: number): number {
  return Math.max(Math.ceil(added / 2), Math.min(added, Math.round((whole * leastCorrection) / 2)));
}
