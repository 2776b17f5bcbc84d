// Beside the checks of an actor that learns: takes lessons from the bus to the queue, and learns them.

import type { Actor } from "../actor.ts";
import { Fault } from "../fault.ts";
import type { Queue } from "../queue/queue.ts";
import type { Running, System } from "../role.ts";
import type { Envelope } from "../task.ts";
import { leads } from "./balance.ts";
import { learningConfig } from "./config.ts";
import { featuresLimit, type Learner, type LearnerPlace, type LessonOrigin } from "./learner.ts";
import { entryKey, isKnown, modelLife, readEntry, scopedDigest } from "./ledger.ts";
import {
  explanationSubject,
  type Fate,
  type Lesson,
  type LessonQuestion,
  learnedSubject,
  lessonJobs,
  lessonSubject,
} from "./lesson.ts";
import { beginStudy } from "./study.ts";
import { withoutSubjectTag } from "./tagged-subject.ts";
import { Turns } from "./turns.ts";

/** Lessons that are taken at once; as many may wait. */
const slots = 64;
const day = 86_400_000;
const lessons: readonly Lesson[] = ["spam", "ham", "forget"];
const origins: readonly LessonOrigin[] = ["hand", "trap", "automatic"];

export function learnerPlace(
  actor: Actor,
  { store, log, config }: Pick<System, "store" | "log" | "config">,
): LearnerPlace {
  const sections = actor.config;
  return { store, log, config: (name) => config.get(sections)[name] };
}

export async function hostLearner(
  actor: Actor,
  learner: Learner,
  system: Pick<System, "bus" | "queue" | "store" | "log" | "config">,
): Promise<Running> {
  const { bus, queue, config } = system;
  const place = learnerPlace(actor, system);
  const none = async () => ({ spam: 0, ham: 0 });
  const learned = learner.learned === undefined ? none : () => learner.learned?.(place) ?? none();
  const servings = [
    await bus.serve(lessonSubject(actor.name), { slots }, (question) =>
      takeLesson(actor.name, learner, place, queue, question),
    ),
    await bus.serve(learnedSubject(actor.name), { slots }, learned),
  ];
  if (learner.explain !== undefined) {
    const explain = learner.explain.bind(learner);
    const answer = ({ envelope, facts }: { envelope: LessonQuestion["envelope"]; facts: LessonQuestion["facts"] }) =>
      explain({ envelope, ...facts }, place);
    servings.push(await bus.serve(explanationSubject(actor.name), { slots }, answer));
  }
  const remember = () => config.get(learningConfig).learning.remember;
  const working = await beginStudy({ actor: actor.name, learner, place, turns: new Turns(), remember }, queue);
  return {
    listening: [],
    async close() {
      for (const serving of servings) await serving.stop();
      await working.stop();
    },
  };
}

/** Puts a lesson on the queue. When this resolves with `taken` or `known` it will not be lost. */
export async function takeLesson(
  actor: string,
  learner: Learner,
  place: LearnerPlace,
  queue: Queue,
  question: LessonQuestion,
): Promise<Fate> {
  const { lesson, origin, at, facts } = question;
  // What is learned stays: nothing is that only looks like a lesson.
  if (!lessons.includes(lesson) || !origins.includes(origin) || typeof question.digest !== "string" || !(at > 0)) {
    throw new Fault("bad-input", "this is no lesson");
  }
  const { headers } = facts;
  // What nobody said is nobody's own: there is one such lesson on a mail, which whoever says otherwise replaces.
  const envelope = origin === "hand" ? question.envelope : withoutRecipients(question.envelope);
  const task = { envelope, ...facts, ...(headers && { headers: withoutSubjectTag(headers) }) };
  const scope = learner.scope?.(envelope, place) ?? "";
  const digest = scopedDigest(question.digest, scope);
  const features = lesson === "forget" ? new Uint8Array(0) : learner.features(task, place);
  if (features === null) return "nothing";
  if (features.length > featuresLimit) throw new Fault("failed", `${actor} keeps ${features.length} bytes of a mail`);
  const entry = await readEntry(place.store, entryKey(actor, digest));
  const life = await modelLife(place.store, actor, learner.variant?.(place) ?? "");
  const { schema } = learner;
  const known = isKnown(entry, { lesson, origin, schema }, life);
  if (origin === "automatic") {
    if (known) return "known";
    const refusal = await refuse(actor, learner, place, question);
    if (refusal !== null) return refusal;
  }
  // Also what is known goes on the queue: an earlier lesson that says otherwise may be waiting there.
  const balance = question.automatic && { balance: question.automatic.balance };
  await queue.add(lessonJobs(actor), { digest, lesson, origin, at, schema, features, ...balance });
  return known ? "known" : "taken";
}

function withoutRecipients({ deliverTo, ...envelope }: Envelope): Envelope {
  return { ...envelope, rcpts: [] };
}

/** Why an automatic lesson is not taken: too many of them in a day let one mistake teach many. */
async function refuse(
  actor: string,
  learner: Learner,
  place: LearnerPlace,
  { automatic, lesson, at }: LessonQuestion,
): Promise<Fate | null> {
  if (automatic === undefined || lesson === "forget") return null;
  const learned = await learner.learned?.(place);
  if (learned !== undefined && leads(learned, lesson, automatic.balance)) return "unbalanced";
  const today = Math.floor(at / day);
  const count = await place.store.increment(`lessons-of-day/${actor}/${lesson}/${today}`, 1, 2 * day);
  return count > automatic.dailyCap ? "capped" : null;
}
