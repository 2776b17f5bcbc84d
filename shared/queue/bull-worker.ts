// A worker of BullMQ: takes jobs of one name, and says what became of them. It outlives its Redis being away.

import { setTimeout } from "node:timers/promises";
import { type Job, UnrecoverableError, Worker } from "bullmq";
import type { Log } from "../log.ts";
import type { RedisConfig } from "../redis/config.ts";
import { toRedisFault } from "../redis/fault.ts";
import { Link } from "../redis/link.ts";
import type { Place } from "../redis/place.ts";
import { seldom } from "../seldom.ts";
import { attemptWithin, failureOf, logFailure } from "./attempt.ts";
import { type Attempt, backoffAfter, type WorkOptions } from "./queue.ts";

/** What BullMQ keeps of a job: bytes as base64, for it writes JSON. */
export interface BullPayload {
  readonly payload: string;
}
export type BullJob = Job<BullPayload>;

export interface BullWorkerOptions extends Required<WorkOptions> {
  readonly name: string;
  readonly prefix: string;
  readonly place: Place;
  readonly config: RedisConfig;
  readonly log: Log;
  readonly lease: number;
  readonly handler: (payload: string, attempt: Attempt) => Promise<unknown>;
}

export interface BullWork {
  /** Takes no more, and resolves when what is at work is done. Redis may be away: then it is told nothing. */
  stop(): Promise<void>;
}

/** ms before BullMQ asks again after Redis failed. */
const pause = 500;
/** ms before another worker takes the place of one that Redis did not let begin. */
const beginPause = 2_000;
/** Seconds between two looks at an empty queue, beside being told. A worker that Redis left is held up so long at its end. */
const look = 2;

export function startBullWorker(options: BullWorkerOptions): BullWork {
  const { name, prefix, place, config, log, lease, slots, attempts, backoff } = options;
  const link = new Link(place, { config, log, name: "sluice-work", patient: true });
  const atWork = new Set<Promise<void>>();
  /** Jobs that Redis believes to be at work here. */
  const untold = new Set<string>();

  async function process(job: BullJob): Promise<void> {
    untold.add(job.id ?? "");
    const working = attempt(job, options);
    atWork.add(working);
    try {
      await working;
    } finally {
      atWork.delete(working);
    }
  }

  function begin(): OneWorker {
    const begun = new OneWorker(name, process, {
      connection: link.client,
      prefix,
      concurrency: slots,
      lockDuration: lease,
      stalledInterval: lease,
      // Every beginning counts, also one whose process died: a job that kills its process must not be tried for ever.
      maxStartedAttempts: attempts,
      maxStalledCount: attempts,
      runRetryDelay: pause,
      drainDelay: look,
      settings: { backoffStrategy: (failed) => backoffAfter(failed, backoff) },
    });
    begun.on("completed", ({ id = "" }) => untold.delete(id));
    begun.on("failed", (job) => untold.delete(job?.id ?? ""));
    begun.on("error", hearTrouble);
    // BullMQ greets the server once: a worker to which it answered with an error would never work.
    begun.waitUntilReady().catch(() => {
      if (stopping === undefined) beginning = globalThis.setTimeout(beginAgain, beginPause);
    });
    return begun;
  }

  function beginAgain(): void {
    void worker.close(true).catch(() => undefined);
    worker = begin();
  }

  function hearTrouble(thrown: Error): void {
    // The link says when Redis is lost; BullMQ says so with each try.
    if (!link.isReady || !mayTell()) return;
    // As a fault: what ioredis throws carries commands with what they hold.
    log.warn({ err: toRedisFault(thrown, link.place), jobs: name }, "a worker of the queue has trouble");
  }

  const mayTell = seldom();
  let beginning: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  let worker = begin();

  /** Answers false when nothing is at work any more, and Redis has had time to hear of it. */
  async function overdue(signal: AbortSignal): Promise<false> {
    do {
      await Promise.allSettled(atWork);
      await setTimeout(2 * config.timeout, undefined, { signal }).catch(() => undefined);
    } while (atWork.size > 0);
    return false;
  }

  async function stop(): Promise<void> {
    clearTimeout(beginning);
    await worker.pause(true);
    const closed = worker.close();
    const over = new AbortController();
    const isOver = await Promise.race([closed.then(() => true), overdue(over.signal)]);
    over.abort();
    if (!isOver) {
      const count = untold.size;
      if (count > 0) log.warn({ jobs: name, count }, "Redis was not told what became of jobs: they are done again");
      await worker.abandon();
    }
    await link.close();
  }

  return {
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Runs the handler; throws as BullMQ understands it: what is tried again, and what is not. */
async function attempt(job: BullJob, options: BullWorkerOptions): Promise<void> {
  const { name, log, attempts, patience, handler } = options;
  const { id = "", deduplicationId: key, data, attemptsStarted } = job;
  try {
    await attemptWithin(patience, (signal) => handler(data.payload, { id, key, attempt: attemptsStarted, signal }));
  } catch (thrown) {
    const failure = failureOf(thrown, attemptsStarted, attempts);
    logFailure(log, failure, { jobs: name, id, attempt: attemptsStarted });
    const { reason, isLast } = failure;
    throw isLast ? new UnrecoverableError(reason) : new Error(reason);
  }
}

class OneWorker extends Worker<BullPayload, void> {
  /** Asked again and again without a rest otherwise, when the server answers with an error: it is full, or forbids it. */
  protected override async moveToActive(token: string, name?: string) {
    try {
      return await super.moveToActive(token, name);
    } catch (thrown) {
      await setTimeout(pause);
      throw thrown;
    }
  }

  /** Lets go of everything that would keep the process, without waiting for an answer of Redis. */
  async abandon(): Promise<void> {
    await this.lockManager.close();
    void this.backend.close(true).catch(() => undefined);
  }
}
