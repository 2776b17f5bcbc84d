// Patterns that no linear engine runs, in a thread of their own: one job at a time, each with a budget. The thread stops
// at the end of it; should it not, it is ended and the next job gets another one.

import { Worker } from "node:worker_threads";

export interface SlowQuestion {
  /** For the one who asks. */
  readonly atom: number;
  /** Of a RegExp with the flag "g". */
  readonly source: string;
  readonly flags: string;
  readonly texts: readonly string[];
  /** So many matches are counted. */
  readonly most: number;
}

/** What the thread says: that it has begun, the count of each question in turn, that it is done or out of time. */
export type SlowReport = { readonly job: number; readonly said: "begun" | "done" | number };

export interface SlowRequest {
  readonly job: number;
  readonly questions: readonly SlowQuestion[];
  /** ms for all of them. */
  readonly budget: number;
}

interface Job {
  readonly id: number;
  readonly questions: readonly SlowQuestion[];
  readonly budget: number;
  readonly counts: number[];
  readonly finish: () => void;
}

/** ms that a job waits for its turn before it is given up, and for a thread to start. */
const usualWait = 1_000;
/** ms beyond its budget after which a thread does not listen any more. */
const grace = 500;

export class SlowThread {
  #worker: Worker | undefined;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting: Job[] = [];
  readonly #longestWait: number;
  #count = 0;

  constructor(longestWait = usualWait) {
    this.#longestWait = longestWait;
  }

  /** Counts the matches of each question; undefined for those that `budget` ms, or a long queue, left no time for. */
  run(questions: readonly SlowQuestion[], budget: number): Promise<readonly (number | undefined)[]> {
    return new Promise((resolve) => {
      const counts: number[] = [];
      this.#count += 1;
      const job: Job = {
        id: this.#count,
        questions,
        budget,
        counts,
        finish() {
          clearTimeout(giveUp);
          resolve(questions.map((_, at) => counts[at]));
        },
      };
      const giveUp = setTimeout(() => this.#giveUp(job), this.#longestWait);
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Starts the thread, so that the first job need not wait for it. */
  prepare(): void {
    this.#worker ??= this.#open();
  }

  /** Ends the thread; for tests. The next job starts another one. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #next(): void {
    if (this.#current) return;
    const job = this.#waiting.shift();
    if (!job) {
      this.#worker?.unref();
      return;
    }
    this.#current = job;
    const worker = this.#worker ?? this.#open();
    worker.ref();
    worker.postMessage({ job: job.id, questions: job.questions, budget: job.budget } satisfies SlowRequest);
  }

  #open(): Worker {
    const worker = new Worker(new URL("./slow-worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (report: SlowReport) => this.#hear(report));
    // Out of memory, or ended from outside: what is missing of the job was cut off.
    worker.on("error", () => this.#drop(worker));
    worker.on("exit", () => this.#drop(worker));
    return worker;
  }

  #hear({ job, said }: SlowReport): void {
    const current = this.#current;
    if (current?.id !== job) return;
    if (typeof said === "number") current.counts.push(said);
    else if (said === "done") this.#done(current);
    else this.#timer = setTimeout(() => this.#cut(), current.budget + grace);
  }

  /** Ends the running job and its thread. */
  #cut(): void {
    const worker = this.#worker;
    if (worker) {
      this.#drop(worker);
      void worker.terminate();
    }
  }

  #drop(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#current) this.#done(this.#current);
  }

  #done(job: Job): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
    job.finish();
    this.#next();
  }

  #giveUp(job: Job): void {
    const place = this.#waiting.indexOf(job);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      job.finish();
    } else if (this.#current === job && job.counts.length === 0) this.#cut();
  }
}
