// Lessons and explanations: a message is analysed once, and every actor that learns gets the facts that it reads.

import type { Actor } from "../../shared/actor.ts";
import type { Bus } from "../../shared/bus/bus.ts";
import type { Finding } from "../../shared/check.ts";
import type { LiveConfig } from "../../shared/config/live.ts";
import { toFault } from "../../shared/fault.ts";
import { messageDigest } from "../../shared/learning/digest.ts";
import type { Explanation } from "../../shared/learning/learner.ts";
import {
  type ExplainAnswer,
  type ExplainRequest,
  explainSubject,
  explanationSubject,
  type LearnAnswer,
  type LearnRequest,
  type LessonQuestion,
  learnSubject,
} from "../../shared/learning/lesson.ts";
import { type Analysis, analyse, plainMessage } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import type { Running } from "../../shared/role.ts";
import type { Envelope, Facts, Standing } from "../../shared/task.ts";
import { giveLesson, type LearningActor, type LessonSystem } from "./give-lesson.ts";
import { pickFacts } from "./pick-facts.ts";

/** Lessons that are analysed at once; as many may wait. */
const slots = 64;
/** ms that an actor has to take an automatic lesson: nobody waits for it. */
const idlePatience = 10_000;

export function learningActors(actors: readonly Actor[]): readonly LearningActor[] {
  return actors.filter((actor): actor is LearningActor => actor.learner !== undefined);
}

export async function serveLessons(system: LessonSystem): Promise<Pick<Running, "close">> {
  const { bus, actors } = system;
  const learning = learningActors(actors);
  const servings = [
    await bus.serve(learnSubject, { slots }, (request, { deadline }) => {
      const chosen = learning.filter(({ name }) => request.actor === undefined || request.actor === name);
      return teach(system, chosen, request, deadline);
    }),
    await bus.serve(explainSubject, { slots }, (request, { deadline }) => explain(bus, learning, request, deadline)),
  ];
  return {
    async close() {
      for (const serving of servings) await serving.stop();
    },
  };
}

/** Asks each of the actors to take the lesson. Fails when one could not: the same lesson again does no harm. */
async function teach(
  system: LessonSystem,
  actors: readonly LearningActor[],
  request: LearnRequest,
  deadline: number,
): Promise<LearnAnswer> {
  const { id, lesson, origin, envelope } = request;
  const facts = analysed(request);
  const digest = messageDigest(facts.raw, facts.headers, facts.structure);
  const question = { id, lesson, origin, at: system.now(), digest, envelope };
  const asked = actors.map(async (actor) => {
    return [actor.name, await giveLesson(system, actor, question, facts, deadline)] as const;
  });
  const fates = Object.fromEntries(await Promise.all(asked));
  const messageId = facts.headers.messageId ?? "";
  system.log.info({ task: id, lesson, origin, digest, fates, messageId }, "lesson");
  return { messageId, fates };
}

async function explain(
  bus: Bus,
  actors: readonly LearningActor[],
  request: ExplainRequest,
  deadline: number,
): Promise<ExplainAnswer> {
  const facts = analysed(request);
  const asked = actors
    .filter(({ learner }) => learner.explain !== undefined)
    .map(async ({ name, learner }) => {
      const question = { envelope: request.envelope, facts: pickFacts(facts, learner.reads) };
      return [name, await explanation(bus, name, question, deadline)] as const;
    });
  return Object.fromEntries(await Promise.all(asked));
}

async function explanation(
  bus: Bus,
  actor: string,
  question: { readonly envelope: Envelope; readonly facts: Partial<Facts> },
  deadline: number,
): Promise<Explanation> {
  try {
    return await bus.ask(explanationSubject(actor), question, { deadline });
  } catch (thrown) {
    // One that is away must not hide what the others say.
    return { probability: null, marks: [], note: toFault(thrown).message };
  }
}

/** What a coordinator knows of a message when its verdict is out. */
export interface Judged {
  readonly id: string;
  readonly envelope: Envelope;
  readonly facts: Analysis;
  readonly findings: Readonly<Record<string, unknown>>;
  /** Without what classifiers say: `withoutOpinions` of conclude.ts. */
  standing(): Standing;
}

/** Learns from the verdict, where configuration says so. Nobody waits for it, and what fails is logged. */
export async function learnFromVerdict(system: LessonSystem, judged: Judged): Promise<void> {
  const { actors, log, config, now } = system;
  const ordered = orderedLesson(judged.findings);
  const lessons = learningActors(actors).flatMap((actor) => {
    const lesson = ordered ?? automaticLesson(actor, judged, config);
    return lesson === null ? [] : [{ actor, lesson }];
  });
  if (lessons.length === 0) return;
  const { id, envelope, facts } = judged;
  const digest = messageDigest(facts.raw, facts.headers, facts.structure);
  await Promise.all(
    lessons.map(async ({ actor, lesson }) => {
      const question = { id, at: now(), digest, envelope, ...lesson };
      try {
        const fate = await giveLesson(system, actor, question, facts, Date.now() + idlePatience);
        log.debug({ task: id, actor: actor.name, lesson: lesson.lesson, origin: lesson.origin, fate }, "lesson");
      } catch (thrown) {
        log.warn({ task: id, actor: actor.name, err: thrown }, "a verdict could not be learned");
      }
    }),
  );
}

type VerdictLesson = Pick<LessonQuestion, "lesson" | "origin" | "automatic">;

/** What a check wants to be learned, such as a mail to a trap. */
function orderedLesson(findings: Judged["findings"]): VerdictLesson | null {
  for (const finding of Object.values(findings)) {
    if (typeof finding !== "object" || finding === null) continue;
    // Whatever else a finding holds, this is what it shares with all others (shared/check.ts).
    const { lesson } = finding as Finding;
    if (lesson !== undefined) return { lesson: lesson.label, origin: lesson.origin };
  }
  return null;
}

function automaticLesson(
  actor: LearningActor,
  { standing, envelope }: Judged,
  config: LiveConfig,
): VerdictLesson | null {
  const { learner, config: sections } = actor;
  const automatic = learner.automatic?.(standing, envelope, (name) => config.get(sections)[name]) ?? null;
  return automatic === null ? null : { lesson: automatic.label, origin: "automatic", automatic };
}

function analysed({ facts: { raw }, plain = false }: Pick<LearnRequest, "facts" | "plain">): Analysis {
  return plain ? plainMessage(raw, defaultLimits) : analyse(raw, defaultLimits);
}
