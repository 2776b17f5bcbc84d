// A thread that looks for codes, one message at a time and each within a budget. It is there only while it is needed: it
// starts with the first picture, is ended when it hangs or has grown, and let go when there was nothing to do for a while.

import { Worker } from "node:worker_threads";
import type { Picture } from "./pictures.ts";

export interface ThreadRequest {
  readonly job: number;
  readonly pictures: readonly Picture[];
  /** ms for all of them. */
  readonly budget: number;
  /** Pixels of a picture that turns out to be another than was said. */
  readonly mostPixels: number;
}

/**
 * What the thread says: that it has begun, what the codes of each picture say in turn, that it should not be used again,
 * that it is done or out of time.
 */
export type ThreadReport = { readonly job: number; readonly said: "begun" | "spent" | "done" | readonly string[] };

/** What the codes of each picture say; undefined for those that there was no time for. */
export type Texts = readonly (readonly string[] | undefined)[];

interface Job {
  readonly request: ThreadRequest;
  readonly texts: (readonly string[])[];
  begun: boolean;
  readonly finish: () => void;
}

/** ms that a job waits for its turn, and for a thread to start, before it is given up. */
const usualWait = 2_000;
/** ms beyond its budget after which a thread is ended. */
const grace = 50;
/** ms without work after which a thread is let go. */
const longestIdle = 30_000;

/** A port carries the whole memory that bytes are a part of, which may be the message: so only a copy of them goes. */
function copied(picture: Picture): readonly [Picture, ArrayBuffer] {
  if (picture.kind === "file") {
    const bytes = new Uint8Array(picture.bytes);
    return [{ ...picture, bytes }, bytes.buffer];
  }
  const content = new Uint8Array(picture.image.content);
  return [{ ...picture, image: { ...picture.image, content } }, content.buffer];
}

export class CodeThread {
  #worker: Worker | undefined;
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #spent = false;
  readonly #waiting: Job[] = [];
  readonly #longestWait: number;
  #count = 0;

  constructor(longestWait = usualWait) {
    this.#longestWait = longestWait;
  }

  /** Looks for codes in pictures, for `budget` ms. */
  run(pictures: readonly Picture[], budget: number, mostPixels: number): Promise<Texts> {
    return new Promise((resolve) => {
      const texts: (readonly string[])[] = [];
      this.#count += 1;
      const request = { job: this.#count, pictures, budget, mostPixels };
      const finish = () => {
        clearTimeout(giveUp);
        resolve(pictures.map((_, at) => texts[at]));
      };
      const job: Job = { request, texts, begun: false, finish };
      const giveUp = setTimeout(() => this.#giveUp(job), this.#longestWait);
      this.#waiting.push(job);
      this.#next();
    });
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
      this.#timer = setTimeout(() => void this.close(), longestIdle).unref();
      return;
    }
    this.#current = job;
    const worker = this.#worker ?? this.#open();
    worker.ref();
    const copies = job.request.pictures.map(copied);
    const request: ThreadRequest = { ...job.request, pictures: copies.map(([picture]) => picture) };
    worker.postMessage(
      request,
      copies.map(([, memory]) => memory),
    );
  }

  #open(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
    });
    this.#worker = worker;
    this.#spent = false;
    worker.on("message", (report: ThreadReport) => this.#hear(worker, report));
    // Out of memory, or ended from outside: what is missing of the job was cut off.
    worker.on("error", () => this.#drop(worker));
    worker.on("exit", () => this.#drop(worker));
    return worker;
  }

  #hear(worker: Worker, { job, said }: ThreadReport): void {
    const current = this.#current;
    if (this.#worker !== worker || current?.request.job !== job) return;
    if (said === "begun") {
      current.begun = true;
      this.#timer = setTimeout(() => this.#end(worker), current.request.budget + grace);
    } else if (said === "spent") this.#spent = true;
    else if (said !== "done") current.texts.push(said);
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
    } else if (this.#current === job && !job.begun && this.#worker) this.#end(this.#worker);
  }
}
