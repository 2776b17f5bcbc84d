// A thread for work that could take for ever: one job at a time, each within a budget. It starts with the first job, is ended
// when it does not listen, and let go when there was nothing to do for a while. What the budget left no time for stays
// without an answer; nobody waits for longer.

import { Worker } from "node:worker_threads";

export interface ThreadOptions {
  /** What the thread runs: a file that calls `work` (work.ts). */
  readonly file: URL;
  /** ms that a job waits for its turn, and for a thread to start, before it is given up. */
  readonly longestWait: number;
  /** ms beyond its budget after which a thread is ended: it does not listen any more. */
  readonly grace: number;
  /** ms without work after which the thread is let go; infinite: it stays. */
  readonly longestIdle: number;
}

export interface ThreadRequest<Task> {
  readonly job: number;
  readonly task: Task;
  /** ms for all of it. */
  readonly budget: number;
}

/** That it has begun; the answer to each part in turn; that it should not be used again; that it is done or out of time. */
export type ThreadReport<Answer> =
  | { readonly job: number; readonly said: "begun" | "spent" | "done" }
  | { readonly job: number; readonly answer: Answer };

/** A task, and the memory that goes over to the thread with it. */
export type Prepared<Task> = readonly [task: Task, memory: readonly ArrayBuffer[]];

export type Answers<Answer> = readonly (Answer | undefined)[];

interface Job<Task, Answer> {
  readonly id: number;
  readonly prepare: () => Prepared<Task>;
  readonly budget: number;
  readonly answers: Answer[];
  begun: boolean;
  readonly finish: () => void;
}

export class BudgetThread<Task, Answer> {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  #current: Job<Task, Answer> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #spent = false;
  readonly #waiting: Job<Task, Answer>[] = [];
  #count = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /**
   * Works on a task of so many parts for `budget` ms. `prepare` is called when its turn comes: what waits has no copy of
   * anything. An answer is undefined where there was no time for it.
   */
  run(prepare: () => Prepared<Task>, parts: number, budget: number): Promise<Answers<Answer>> {
    return new Promise((resolve) => {
      const answers: Answer[] = [];
      this.#count += 1;
      const finish = () => {
        clearTimeout(giveUp);
        resolve(Array.from({ length: parts }, (_, at) => answers[at]));
      };
      const job: Job<Task, Answer> = { id: this.#count, prepare, budget, answers, begun: false, finish };
      const giveUp = setTimeout(() => this.#giveUp(job), this.#options.longestWait);
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Starts the thread, so that the first job need not wait for it. */
  start(): void {
    if (this.#worker === undefined) this.#open().unref();
  }

  /** Whether there is a thread now. */
  get alive(): boolean {
    return this.#worker !== undefined;
  }

  /** Ends the thread; the next job starts another one. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#drop(worker);
    await worker.terminate();
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#timer);
    const job = this.#waiting.shift();
    if (job === undefined) {
      this.#worker?.unref();
      const { longestIdle } = this.#options;
      if (Number.isFinite(longestIdle)) this.#timer = setTimeout(() => void this.close(), longestIdle).unref();
      return;
    }
    this.#current = job;
    const worker = this.#worker ?? this.#open();
    worker.ref();
    const [task, memory] = job.prepare();
    worker.postMessage({ job: job.id, task, budget: job.budget } satisfies ThreadRequest<Task>, memory);
  }

  #open(): Worker {
    const worker = new Worker(this.#options.file, {
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    this.#worker = worker;
    this.#spent = false;
    worker.on("message", (report: ThreadReport<Answer>) => this.#hear(worker, report));
    // Out of memory, or something thrown: "exit" follows, and the answers that were given before come in between.
    worker.on("error", () => {});
    // What is missing of the job was cut off.
    worker.on("exit", () => this.#drop(worker));
    return worker;
  }

  #hear(worker: Worker, report: ThreadReport<Answer>): void {
    const current = this.#current;
    if (this.#worker !== worker || current?.id !== report.job) return;
    if ("answer" in report) current.answers.push(report.answer);
    else if (report.said === "begun") {
      current.begun = true;
      this.#timer = setTimeout(() => this.#end(worker), current.budget + this.#options.grace);
    } else if (report.said === "spent") this.#spent = true;
    else if (this.#spent) this.#end(worker);
    else this.#done(current);
  }

  #end(worker: Worker): void {
    this.#drop(worker);
    void worker.terminate();
  }

  #drop(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    if (this.#current) this.#done(this.#current);
  }

  #done(job: Job<Task, Answer>): void {
    clearTimeout(this.#timer);
    this.#current = undefined;
    job.finish();
    this.#next();
  }

  #giveUp(job: Job<Task, Answer>): void {
    const place = this.#waiting.indexOf(job);
    if (place >= 0) {
      this.#waiting.splice(place, 1);
      job.finish();
    } else if (this.#current === job && !job.begun && this.#worker) this.#end(this.#worker);
  }
}
