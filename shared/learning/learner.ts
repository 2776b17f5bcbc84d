// An actor that learns from what users say. The runtime around it (this folder) takes lessons, keeps the ledger and sees
// that each counts once; the actor says what it keeps of a mail, and how that changes its model.

import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Envelope, FactName, Facts } from "../task.ts";

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

/** One change of the model: `learn` adds what the features say of the label, `unlearn` takes exactly that away again. */
export interface ModelChange {
  readonly kind: "learn" | "unlearn";
  readonly label: Label;
  readonly features: Uint8Array;
  /** Names this change for ever: applied twice it counts once (`Table.add` takes it as `once`). */
  readonly key: string;
}

export interface Learner {
  /** Facts that features are made of. They travel to the actor. */
  readonly reads: readonly FactName[];
  /** Version of the features: those of another version are not applied. */
  readonly schema: number;
  /**
   * What is kept of a mail: compact bytes from which the mail cannot be read. Null when it has nothing to learn from.
   * Pure: the same task gives the same features.
   */
  features(task: { readonly envelope: Envelope } & Partial<Facts>, place: LearnerPlace): Uint8Array | null;
  /** Changes the model, for all processes. Rejects when that could not be done: the job is tried again. */
  apply(changes: readonly ModelChange[], place: LearnerPlace): Promise<void>;
}
