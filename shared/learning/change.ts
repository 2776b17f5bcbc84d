// What kind of change of a model adds, and what counts as a lesson.

import type { ModelChange } from "./learner.ts";

/** 1 when a change adds to the model, -1 when it takes away. */
export function signOf({ kind }: ModelChange): 1 | -1 {
  return kind === "unlearn" || kind === "doubt" ? -1 : 1;
}

/** By how much a change moves the number of lessons: one that is looked at again is none of its own. */
export function lessonsBy(change: ModelChange): 1 | 0 | -1 {
  return change.kind === "learn" || change.kind === "unlearn" ? signOf(change) : 0;
}
