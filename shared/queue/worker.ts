// A worker takes jobs of one name while it has free slots, and tells the records what became of them.

import type { Log } from "../log.ts";
import type { Writer } from "../store/writer.ts";
import { attemptWithin, failureOf, logFailure } from "./attempt.ts";
import type { JobRecords, Taken } from "./job-records.ts";
import { type Attempt, backoffAfter, type WorkOptions } from "./queue.ts";

export interface WorkerOptions extends Required<WorkOptions> {
  readonly name: string;
  readonly records: JobRecords;
  readonly writer: Writer;
  readonly owner: string;
  readonly lease: number;
  readonly poll: number;
  readonly now: () => number;
  readonly log: Log;
  readonly handler: (payload: Uint8Array, attempt: Attempt) => Promise<unknown>;
}

export class Worker {
  readonly name: string;
  readonly #options: WorkerOptions;
  readonly #atWork = new Map<Taken, Promise<void>>();
  readonly #timers: NodeJS.Timeout[];
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  /** When it looked last, by a clock that may be set back. */
  #time = Number.POSITIVE_INFINITY;
  /** Jobs could not be taken when it looked last: that is said once. */
  #isTroubled = false;

  constructor(options: WorkerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#timers = [
      setInterval(() => this.look(), options.poll),
      setInterval(() => this.#renew(), Math.max(1, options.lease / 3)),
    ];
  }

  /** Looks for jobs now rather than at the next poll. */
  look(): void {
    if (this.#stopped) return;
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#fill()
      .then(() => {
        this.#isTroubled = false;
      })
      .catch((thrown) => {
        if (!this.#isTroubled) this.#options.log.error({ err: thrown, jobs: this.name }, "jobs cannot be taken");
        this.#isTroubled = true;
      })
      .finally(() => {
        this.#looking = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timers[0]);
    await this.#looking;
    await Promise.all(this.#atWork.values());
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Takes as many jobs as there are free slots. */
  async #fill(): Promise<void> {
    const { records, writer, owner, slots, attempts, lease, now, log } = this.#options;
    const time = now();
    // At the first look nobody knows what the clock was before.
    if (time < this.#time) await writer.run(() => records.setBack(time, lease));
    this.#time = time;
    const free = slots - this.#atWork.size;
    if (free <= 0 || !records.anythingToDo(now())) return;
    const { taken, died } = await writer.run(() => {
      const died = records.reclaim(now(), attempts);
      const taken: Taken[] = [];
      while (taken.length < free) {
        const next = records.take(owner, now(), now() + lease);
        if (next === undefined) break;
        taken.push(next);
      }
      return { taken, died };
    });
    for (const id of died) log.error({ jobs: this.name, id }, "a job is dead: its process ended each time");
    for (const job of taken) this.#atWork.set(job, this.#process(job));
  }

  async #process(taken: Taken): Promise<void> {
    const { records, writer, log, handler, patience } = this.#options;
    const { id, owner, job } = taken;
    try {
      const attempt = { id: String(id), key: job.key, attempt: job.attempts };
      const isDone = await attemptWithin(patience, (signal) => handler(job.payload, { ...attempt, signal })).then(
        () => true,
        (thrown) => this.#failed(taken, thrown),
      );
      if (isDone) await writer.run(() => records.done(id, owner));
    } catch (thrown) {
      // Nobody was told what became of it, so its lease will run out, and it will be done again.
      log.error({ err: thrown, jobs: this.name, id }, "the end of a job cannot be written");
    }
    this.#atWork.delete(taken);
    this.look();
  }

  /** Answers false: it is not done. */
  async #failed({ id, owner, job }: Taken, thrown: unknown): Promise<false> {
    const { records, writer, attempts, backoff, now, log } = this.#options;
    const attempt = job.attempts;
    const failure = failureOf(thrown, attempt, attempts);
    const due = failure.isLast ? undefined : now() + backoffAfter(attempt, backoff);
    await writer.run(() => records.failed(id, owner, failure.reason, due, now()));
    logFailure(log, failure, { jobs: this.name, id, attempt });
    return false;
  }

  #renew(): void {
    const { records, writer, lease, now, log } = this.#options;
    if (this.#atWork.size === 0) return;
    const taken = [...this.#atWork.keys()];
    writer
      .run(() => {
        for (const { id, owner } of taken) records.renew(id, owner, now() + lease);
      })
      .catch((thrown) => log.error({ err: thrown, jobs: this.name }, "leases of jobs cannot be renewed"));
  }
}
