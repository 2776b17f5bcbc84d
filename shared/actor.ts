// An actor is a family of checks that is deployed and scaled as one. One folder, found by its `actor.ts`.

import type { Check, Sections } from "./check.ts";
import type { Learner } from "./learning/learner.ts";

export interface Actor {
  readonly name: string;
  readonly about: string;
  readonly checks: readonly Check[];
  readonly config: Sections;
  /** Questions at work at once in one instance; as many may wait. */
  readonly slots: number;
  /** ms for a question; then it is answered with what is there. */
  readonly deadline: number;
  /** What it talks to ("dns", "redis", a port); becomes its network policy. */
  readonly reaches: readonly string[];
  /** What it makes of lessons; absent when it learns nothing. */
  readonly learner?: Learner;
}

export function defineActor(spec: Actor): Actor {
  return spec;
}
