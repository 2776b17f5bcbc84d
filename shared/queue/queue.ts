// The queue carries jobs that must not be lost: learning, training, exports. At least once: a job may be done twice, for
// the process that had done it may die before it can say so. So handlers must stand doing it again.

import type { Codec } from "../bus/codec.ts";
import { Fault } from "../fault.ts";

/** Name of a kind of job. The type parameter says what it is handed. */
export interface Jobs<Payload> {
  readonly name: string;
  readonly types?: (payload: Payload) => void;
}

export interface AddOptions {
  /** While a job of the same key waits or is at work, adding it again changes nothing. Default: no two are the same. */
  readonly key?: string;
  /** ms to wait at least. Default 0. */
  readonly delay?: number;
}

export interface WorkOptions {
  /** Jobs at work at once in this worker. */
  readonly slots: number;
  /** Times that a job is tried before it is put with the dead. Default 10. */
  readonly attempts?: number;
  /** ms to the second attempt; each further one waits twice as long, up to an hour. Default 1 s. */
  readonly backoff?: number;
  /** ms that one attempt may take; then it has failed. Default 10 min. */
  readonly patience?: number;
}

/** What a handler is told beside the payload. */
export interface Attempt {
  readonly id: string;
  readonly key: string | undefined;
  /** 1 the first time. */
  readonly attempt: number;
  /** Fires when the attempt has taken too long. */
  readonly signal: AbortSignal;
}

export interface Working {
  /** Takes no more jobs, and resolves when those at work are done. */
  stop(): Promise<void>;
}

/** A job that failed for the last time. */
export interface DeadJob {
  /** Ids of one queue tell which of two jobs was added first, and nothing else. */
  readonly id: string;
  readonly key: string | undefined;
  readonly payload: unknown;
  readonly attempts: number;
  /** ms since 1970. */
  readonly added: number;
  readonly died: number;
  /** What the last attempt failed with. */
  readonly fault: string;
}

export interface JobCounts {
  readonly waiting: number;
  /** Waiting for a time that has not come: put off, or failed and to be tried again. */
  readonly delayed: number;
  readonly atWork: number;
  readonly dead: number;
}

/**
 * Payloads are plain data of at most `payloadLimit` bytes. A handler that resolves has done the job. One that fails with a
 * fault that is not temporary (`bad-input`, `too-large`, `bad-config`) has failed for good; any other failure is retried.
 */
export interface Queue {
  /**
   * Resolves when the job is on disk, or in Redis, which writes as its operator says. Answers false when a job of its key
   * was there already. `unavailable` means that nobody knows: whoever asks again may add it twice, unless it has a key.
   */
  add<Payload>(jobs: Jobs<Payload>, payload: Payload, options?: AddOptions): Promise<boolean>;
  work<Payload>(
    jobs: Jobs<Payload>,
    options: WorkOptions,
    handler: (payload: Payload, attempt: Attempt) => Promise<unknown>,
  ): Promise<Working>;
  count(jobs: Jobs<never>): Promise<JobCounts>;
  /** Names of which there are, or were, jobs; sorted. */
  names(): Promise<string[]>;
  /** So many dead jobs, in the order of adding, from the first after that id on, or from the first of all. */
  dead(jobs: Jobs<never>, after: string | undefined, count: number): Promise<DeadJob[]>;
  /** Gives a dead job all its attempts again. Answers false when there is none of that id. */
  retry(jobs: Jobs<never>, id: string): Promise<boolean>;
  /** Forgets a dead job. Answers false when there is none of that id. */
  drop(jobs: Jobs<never>, id: string): Promise<boolean>;
  /** Stops all work, then lets go. */
  close(): Promise<void>;
}

/** Bytes of a payload. */
export const payloadLimit = 4 * 1024 * 1024;
/** What a job is dead of whose process died each time. */
export const processEnded = "the process that had it ended";
/** ms that a failed job waits at most. */
export const longestBackoff = 3_600_000;

/** Throws `failed` for a name that cannot be one. */
export function checkName({ name }: Jobs<never>): void {
  if (!/^[\w.-]{1,100}$/.test(name)) throw new Fault("failed", `"${name}" cannot name jobs`);
}

/** Throws `too-large`. */
export function encodePayload(codec: Codec, payload: unknown): Uint8Array {
  const bytes = codec.encode(payload);
  if (bytes.length <= payloadLimit) return bytes;
  throw new Fault("too-large", `a job of ${bytes.length} bytes, the limit is ${payloadLimit}`);
}

export function withDefaults(options: WorkOptions): Required<WorkOptions> {
  const { slots, attempts = 10, backoff = 1000, patience = 600_000 } = options;
  return { slots: Math.max(1, Math.trunc(slots) || 1), attempts, backoff, patience };
}

/** ms from the attempt of that number, 1 the first, to the next. */
export function backoffAfter(attempt: number, backoff: number): number {
  return Math.min(longestBackoff, backoff * 2 ** (attempt - 1));
}
