// Patterns that no linear engine runs, in a thread of their own.

import { BudgetThread } from "../../shared/thread/thread.ts";

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

/** ms that a job waits for its turn, and for a thread to start. */
const usualWait = 1_000;
/** ms: V8 looks only now and then whether its time is over. */
const grace = 500;

export class SlowThread {
  readonly #thread: BudgetThread<readonly SlowQuestion[], number>;

  constructor(longestWait = usualWait) {
    const file = new URL("./slow-worker.ts", import.meta.url);
    this.#thread = new BudgetThread({ file, longestWait, grace, longestIdle: Number.POSITIVE_INFINITY });
  }

  /** Counts the matches of each question; undefined for those that `budget` ms, or a long queue, left no time for. */
  run(questions: readonly SlowQuestion[], budget: number): Promise<readonly (number | undefined)[]> {
    return this.#thread.run(() => [questions, []], questions.length, budget);
  }

  /** Starts the thread, so that the first job need not wait for it. */
  prepare(): void {
    this.#thread.start();
  }

  /** Ends the thread; for tests. The next job starts another one. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
