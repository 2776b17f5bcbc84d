// Gives a lesson to an actor that learns; keeps it on the queue for one that is being restarted, or that nobody runs.

import type { Actor } from "../../shared/actor.ts";
import { toFault } from "../../shared/fault.ts";
import { learnerPlace, takeLesson } from "../../shared/learning/hosting.ts";
import type { Learner } from "../../shared/learning/learner.ts";
import { type Fate, type LessonQuestion, lessonJobs, lessonSubject } from "../../shared/learning/lesson.ts";
import type { Analysis } from "../../shared/message/analyse.ts";
import type { Queue } from "../../shared/queue/queue.ts";
import type { System } from "../../shared/role.ts";
import { pickFacts } from "./pick-facts.ts";

export type LearningActor = Actor & { readonly learner: Learner };
export type LessonSystem = Pick<System, "bus" | "actors" | "log" | "config" | "now" | "store" | "queue">;

/** Lessons that are kept for an actor that nobody runs. */
const mostWaiting = 50_000;
/** ms that a count of them holds: counting many takes a while. */
const countHolds = 2_000;

export async function giveLesson(
  system: LessonSystem,
  actor: LearningActor,
  asked: Omit<LessonQuestion, "facts">,
  facts: Analysis,
  deadline: number,
): Promise<Fate> {
  const { name, learner } = actor;
  const { bus, queue } = system;
  const question = { ...asked, facts: pickFacts(facts, learner.reads) };
  try {
    return await bus.ask(lessonSubject(name), question, { deadline });
  } catch (thrown) {
    if (toFault(thrown).code !== "nobody") throw thrown;
  }
  // There are enough automatic lessons without those of this time.
  if (asked.origin === "automatic" || (await countWaiting(queue, name)) >= mostWaiting) return "away";
  // What is kept of a mail can be said here as well.
  return takeLesson(name, learner, learnerPlace(actor, system), queue, question);
}

const counts = new WeakMap<Queue, Map<string, { readonly waiting: number; readonly until: number }>>();

async function countWaiting(queue: Queue, actor: string): Promise<number> {
  const known = counts.get(queue) ?? new Map();
  counts.set(queue, known);
  const before = known.get(actor);
  if (before !== undefined && before.until > performance.now()) return before.waiting;
  const { waiting } = await queue.count(lessonJobs(actor));
  known.set(actor, { waiting, until: performance.now() + countHolds });
  return waiting;
}
