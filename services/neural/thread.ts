// A thread for training, so that no mail waits for it. It is started when there is something to learn and ends when there has
// been nothing for a while.

import { Worker } from "node:worker_threads";
import { Fault } from "../../shared/fault.ts";
import type { Made, Work } from "./thread-work.ts";

export interface ThreadQuestion {
  readonly id: number;
  readonly work: Work;
}

export type ThreadAnswer =
  | { readonly id: number; readonly made: Made }
  | { readonly id: number; readonly failed: string };

interface Waiting {
  resolve(made: Made): void;
  reject(fault: Fault): void;
}

/** ms without work after which the thread ends. */
const idle = 30_000;

export class TrainingThread {
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  /** Rejects with `failed` when the work threw or the thread died: whoever asked tries again. */
  run(work: Work): Promise<Made> {
    return new Promise((resolve, reject) => {
      clearTimeout(this.#timer);
      this.#count += 1;
      this.#waiting.set(this.#count, { resolve, reject });
      const worker = this.#worker ?? this.#open();
      worker.ref();
      worker.postMessage({ id: this.#count, work } satisfies ThreadQuestion);
    });
  }

  /** Ends the thread. The next work starts another one, also while this one ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#drop(worker, "the thread was ended");
    await worker.terminate();
  }

  #open(): Worker {
    const worker = new Worker(new URL("./thread-worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker = worker;
    worker.on("message", (answer: ThreadAnswer) => this.#hear(answer));
    worker.on("error", (err) => this.#drop(worker, err.message));
    worker.on("exit", () => this.#drop(worker, "the thread ended"));
    return worker;
  }

  #hear(answer: ThreadAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("made" in answer) waiting?.resolve(answer.made);
    else waiting?.reject(new Fault("failed", answer.failed));
    if (this.#waiting.size > 0) return;
    this.#worker?.unref();
    this.#timer = setTimeout(() => void this.close(), idle).unref();
  }

  #drop(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Fault("failed", `training failed: ${reason}`));
    this.#waiting.clear();
  }
}

/** Of the process. A network over symbols is trained for seconds, and no lesson on a text waits for that. */
export const threads = { text: new TrainingThread(), symbols: new TrainingThread() };
