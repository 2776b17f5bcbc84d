// What gateways ask of coordinators to teach the filter, and what coordinators ask of the actors that learn.

import type { Subject } from "../bus/bus.ts";
import type { Jobs } from "../queue/queue.ts";
import type { Envelope, Facts } from "../task.ts";
import type { AutomaticLesson, Explanation, Label, LessonOrigin } from "./learner.ts";

/** What a mail is, or that whatever was learned of it is to be taken back. */
export type Lesson = Label | "forget";

export interface LearnRequest {
  /** Name of the task in logs. */
  readonly id: string;
  readonly lesson: Lesson;
  readonly origin: LessonOrigin;
  /** The one actor that is to learn. Default: all that can. */
  readonly actor?: string;
  readonly envelope: Envelope;
  /** Take the message as text, without headers and structure. */
  readonly plain?: boolean;
  /** The message. Travels like a fact. */
  readonly facts: { readonly raw: Uint8Array };
}

/** What became of a lesson at one actor: `known` is taken too, but changes nothing by what is known now. */
export type Fate =
  | "taken"
  | "known"
  | "nothing" // the mail has nothing to learn from
  | "capped" // an automatic lesson beyond the day's limit
  | "unbalanced" // an automatic lesson of the label that leads
  | "away"; // nobody runs the actor, and as many lessons wait for it as are kept

export interface LearnAnswer {
  readonly messageId: string;
  /** By actor. Empty when there is none that learns. */
  readonly fates: Readonly<Record<string, Fate>>;
}

/** Served by coordinators. A lesson that is taken is on disk when the answer comes. */
export const learnSubject: Subject<LearnRequest, LearnAnswer> = { name: "learn" };

export interface ExplainRequest {
  readonly id: string;
  readonly envelope: Envelope;
  readonly plain?: boolean;
  readonly facts: { readonly raw: Uint8Array };
}

/** By actor. */
export type ExplainAnswer = Readonly<Record<string, Explanation>>;

/** Served by coordinators: why the actors that learn say what they say. */
export const explainSubject: Subject<ExplainRequest, ExplainAnswer> = { name: "explain" };

export interface LessonQuestion {
  readonly id: string;
  readonly lesson: Lesson;
  readonly origin: LessonOrigin;
  /** Its limits, when it is automatic. */
  readonly automatic?: AutomaticLesson;
  /** When it was given, ms since 1970: of two lessons on a mail the later one counts. */
  readonly at: number;
  /** Names the message: `messageDigest`. */
  readonly digest: string;
  readonly envelope: Envelope;
  /** Those that the learner reads. */
  readonly facts: Partial<Facts>;
}

export function lessonSubject(actor: string): Subject<LessonQuestion, Fate> {
  return { name: `learn.${actor}` };
}

export interface ExplainQuestion {
  readonly envelope: Envelope;
  readonly facts: Partial<Facts>;
}

export function explanationSubject(actor: string): Subject<ExplainQuestion, Explanation> {
  return { name: `explain.${actor}` };
}

/** How many lessons the model of an actor holds. */
export function learnedSubject(actor: string): Subject<null, Readonly<Record<Label, number>>> {
  return { name: `learned.${actor}` };
}

/** A lesson that is kept until it has been learned: features, never the mail. */
export interface LessonJob {
  readonly digest: string;
  readonly lesson: Lesson;
  readonly origin: LessonOrigin;
  readonly at: number;
  readonly schema: number;
  /** Empty for "forget". */
  readonly features: Uint8Array;
  /** Of an automatic lesson: `AutomaticLesson.balance`. Many may be taken before one of them is learned. */
  readonly balance?: number;
}

export function lessonJobs(actor: string): Jobs<LessonJob> {
  return { name: `learn.${actor}` };
}
