// The bus carries questions to whoever serves a subject, and events to whoever listens. Instances that serve the same
// subject share the work. At most once: nothing is stored, a question that is lost ends as a fault at its deadline.

/** Name of a question. The type parameters say what is asked and answered. */
export interface Subject<Question, Answer> {
  readonly name: string;
  readonly types?: (question: Question) => Answer;
}

/** Name of an event. */
export interface Topic<Event> {
  readonly name: string;
  /**
   * Which processes it reaches beside this one. "workers": the other worker processes of a local bus. "network": all on
   * a bus that connects processes. Absent: both.
   */
  readonly reach?: "workers" | "network";
  readonly types?: (event: Event) => void;
}

export interface AskOptions {
  /** ms since 1970; afterwards `ask` fails with `late`. */
  readonly deadline: number;
  /** W3C traceparent. */
  readonly trace?: string;
}

/** What a handler is told of the question beside the question. */
export interface Call {
  /** ms since 1970, on this machine's clock. */
  readonly deadline: number;
  readonly trace: string | undefined;
  /** Fires at the deadline. */
  readonly signal: AbortSignal;
  /** ms that the question waited for a free slot. */
  readonly waited: number;
}

export interface ServeOptions {
  /** So many questions at work at once and as many waiting; beyond that the answer is `busy`. */
  readonly slots: number;
}

/** Something that is served or listened to. `stop` takes no more and resolves when what is at work has been answered. */
export interface Serving {
  stop(): Promise<void>;
}

/**
 * Questions, answers and events are plain data: what MessagePack can carry. They are read-only for both sides, for in
 * one process they travel by reference. A question's field `facts` is special: each value in it is encoded once,
 * however many questions carry it.
 *
 * Faults of `ask`: `busy` (each instance asked was full; it asks once more by itself), `nobody`, `late`, `closed`,
 * `too-large`, `unavailable` (no connection), or the fault that the handler threw.
 */
export interface Bus {
  ask<Question, Answer>(subject: Subject<Question, Answer>, question: Question, options: AskOptions): Promise<Answer>;
  serve<Question, Answer>(
    subject: Subject<Question, Answer>,
    options: ServeOptions,
    handler: (question: Question, call: Call) => Promise<Answer>,
  ): Promise<Serving>;
  publish<Event>(topic: Topic<Event>, event: Event): void;
  subscribe<Event>(topic: Topic<Event>, handler: (event: Event) => void): Promise<Serving>;
  /** Stops everything that is served, then lets go of the connection. */
  close(): Promise<void>;
}
