// How many lessons the models hold, as the actors that learn say.

import type { Label } from "../../shared/learning/learner.ts";
import { learnedSubject } from "../../shared/learning/lesson.ts";
import type { Gateway } from "./gateway.ts";

/** Lessons by actor and label. */
export type Learned = ReadonlyMap<string, Readonly<Record<Label, number>>>;

/** ms for an actor to say it; one that is away is left out. */
const patience = 1_000;

export async function askLearned({ bus, learners, log, now }: Gateway): Promise<Learned> {
  const learned = new Map<string, Readonly<Record<Label, number>>>();
  await Promise.all(
    learners.map(async ({ name: actor }) => {
      try {
        learned.set(actor, await bus.ask(learnedSubject(actor), null, { deadline: now() + patience }));
      } catch (err) {
        log.warn({ actor, err }, "an actor does not say what it has learned");
      }
    }),
  );
  return learned;
}

export function totalOf(learned: Learned): number {
  return [...learned.values()].reduce((sum, { spam, ham }) => sum + spam + ham, 0);
}

/** The body of /bayes/classifiers (R 1.5). */
export function classifiersBody({ learners }: Gateway): object {
  return {
    classifiers: learners.map(({ name, perUser }) => ({
      name,
      type: "table",
      per_user: perUser,
      classes: ["spam", "ham"],
    })),
  };
}
