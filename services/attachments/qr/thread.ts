// A thread that looks for codes in the pictures of one message at a time.

import { type Answers, BudgetThread, type Prepared } from "../../../shared/thread/thread.ts";
import type { Picture } from "./pictures.ts";

export interface CodeTask {
  readonly pictures: readonly Picture[];
  /** Pixels of a picture that turns out to be another than was said. */
  readonly mostPixels: number;
}

/** What the codes of a picture say. */
export type Texts = readonly string[];

/** ms that a job waits for its turn, and for a thread to start, before it is given up. */
const usualWait = 2_000;
const grace = 50;
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
  readonly #thread: BudgetThread<CodeTask, Texts>;

  constructor(longestWait = usualWait) {
    const file = new URL("./worker.ts", import.meta.url);
    this.#thread = new BudgetThread({ file, longestWait, grace, longestIdle });
  }

  /** Looks for codes in pictures, for `budget` ms; undefined for those that there was no time for. */
  run(pictures: readonly Picture[], budget: number, mostPixels: number): Promise<Answers<Texts>> {
    const prepare = (): Prepared<CodeTask> => {
      const copies = pictures.map(copied);
      return [{ pictures: copies.map(([picture]) => picture), mostPixels }, copies.map(([, memory]) => memory)];
    };
    return this.#thread.run(prepare, pictures.length, budget);
  }

  /** Whether there is a thread now. */
  get alive(): boolean {
    return this.#thread.alive;
  }

  /** Ends the thread; the next job starts another one. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
