// An actor that learns from what users say. The runtime around it (this folder) takes lessons, keeps the ledger and sees
// that each counts once; the actor says what it keeps of a mail, and how that changes its model.

import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Envelope, FactName, Facts, Standing } from "../task.ts";

export type Label = "spam" | "ham";

/** Who says so. A lesson by hand always wins over an automatic one. */
export type LessonOrigin = "hand" | "trap" | "automatic";

/** What a learner works with, on the scan path and off it. */
export interface LearnerPlace {
  readonly store: Store;
  readonly log: Log;
  /** The sections of configuration of its actor. */
  config(section: string): unknown;
}

/** What a lesson looks at: the envelope and the facts that the learner reads. */
export type LessonTask = { readonly envelope: Envelope } & Partial<Facts>;

/**
 * One change of the model: `learn` adds what the features say of the label, `unlearn` takes exactly that away again.
 * `review` adds to a lesson that was learned before, `doubt` takes away of it; neither is a lesson of its own, and both are
 * only for learners that review.
 */
export interface ModelChange {
  readonly kind: "learn" | "unlearn" | Review["kind"];
  readonly label: Label;
  readonly features: Uint8Array;
  /** Names this change for ever: applied twice it counts once (`Table.add` takes it as `once`). */
  readonly key: string;
}

/** Why a mail was taken for what it was: the words and other marks that weighed most. */
export interface Explanation {
  /** Probability of spam, 0 to 1; null when the model says nothing of it. */
  readonly probability: number | null;
  /** The heaviest first. Above 0 it speaks for spam. */
  readonly marks: readonly { readonly mark: string; readonly weight: number }[];
  /** Why there is no probability, or what else an operator wants to know. */
  readonly note: string;
}

/** The model as a whole, for backup and migration. */
export interface ModelKeeper {
  /** Bytes that `write` of the same schema and configuration takes. */
  read(place: LearnerPlace): Promise<Uint8Array>;
  /** Faults with `bad-input` when the bytes are not of this schema and configuration. Changes nothing. */
  check(bytes: Uint8Array, place: LearnerPlace): void | Promise<void>;
  /** Replaces the model by bytes that `check` accepts; checks them again. Done a second time it does no harm. */
  write(bytes: Uint8Array, place: LearnerPlace): Promise<void>;
  /** Forgets everything. */
  reset(place: LearnerPlace): Promise<void>;
}

export interface Learner {
  /** Facts that features are made of. They travel to the actor. */
  readonly reads: readonly FactName[];
  /** Version of the features: those of another version are not applied. */
  readonly schema: number;
  /**
   * What is kept of a mail: compact bytes from which the mail cannot be read, at most `featuresLimit`. Null when it has
   * nothing to learn from. Pure: the same task gives the same features.
   */
  features(task: LessonTask, place: LearnerPlace): Uint8Array | null;
  /** Changes the model, for all processes. Rejects when that could not be done: the job is tried again. */
  apply(changes: readonly ModelChange[], place: LearnerPlace): Promise<void>;

  /**
   * Called before the first lesson of a process that begins to learn: others may have learned, or replaced the model, since
   * it learned last.
   */
  begin?(place: LearnerPlace): Promise<void>;
  /**
   * Names the model that configuration wants now, where it may want one of several: what the ledger says of one says nothing
   * of another. Default: "".
   */
  variant?(place: LearnerPlace): string;
  /**
   * What of the features this model is to learn, when that depends on the model as it is: the answer is what `apply` gets,
   * now and when the lesson is taken back. Default: the features as they are.
   */
  weigh?(features: Uint8Array, label: Label, place: LearnerPlace): Promise<Uint8Array>;
  /**
   * Looks again at a lesson that was learned: what to add to the model or to take away, and what is kept from now on; null
   * when nothing is to be done. Called for a few earlier lessons of the other label beside each new one, so that it does not
   * matter whether all ham was taught before all spam.
   */
  review?(kept: Uint8Array, label: Label, place: LearnerPlace): Promise<Review | null>;
  /**
   * Counts changes in at once, for `weigh` and `review` in this process, until the answer is called. To make them takes its
   * time, and many lessons are on their way at once: each is to be weighed by a model that knows those before it.
   */
  expect?(changes: readonly ModelChange[], place: LearnerPlace): Promise<() => void>;
  /**
   * What follows from lessons and takes its time: called after each, which is in the model by then. A process that dies
   * meanwhile has it done after another lesson.
   */
  train?(place: LearnerPlace): Promise<void>;
  /** Whose lesson it is, where users have models of their own: the same mail counts once for each. Default: "". */
  scope?(envelope: Envelope, place: LearnerPlace): string;
  /** Whether users, or domains, have models of their own as it is configured. Default: they have none. */
  perUser?(config: LearnerPlace["config"]): boolean;
  /**
   * What is to be learned from the verdict alone. In `standing` symbols of classifiers, and of composites made of them, have
   * a score of 0 and add nothing: they must not teach themselves. Asked wherever the coordinator runs: it must be quick, not throw,
   * and not ask for `standing` when verdicts are no lessons. */
  automatic?(standing: () => Standing, envelope: Envelope, config: LearnerPlace["config"]): AutomaticLesson | null;
  /** Lessons that the model holds. */
  learned?(place: LearnerPlace): Promise<Readonly<Record<Label, number>>>;
  explain?(task: LessonTask, place: LearnerPlace): Promise<Explanation>;
  readonly model?: ModelKeeper;
}

export interface Review {
  /** The model has come to judge it wrongly and gets more of it, or takes it for a mistake and gives some of it back. */
  readonly kind: "review" | "doubt";
  /** What `unlearn` gets when the lesson is taken back: all that the model has of it. */
  readonly kept: Uint8Array;
  /** What `apply` gets now. */
  readonly change: Uint8Array;
}

/** A lesson that a verdict teaches, and its limits. */
export interface AutomaticLesson {
  readonly label: Label;
  /** Automatic lessons of a day and label, over all processes. */
  readonly dailyCap: number;
  /** Lessons of the other label that there must be for each of this one, 0 to 1: a model must not lean. */
  readonly balance: number;
}

/** Bytes of features. */
export const featuresLimit = 256 * 1024;
