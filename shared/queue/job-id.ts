// Ids of jobs that many processes add: letters and digits that sort in the order of adding.

import { randomBytes } from "node:crypto";

/** Ids of one process: each sorts after the one before, also when the clock is set back. */
export class JobIds {
  #time = 0;
  #count = 0;

  next(now = Date.now()): string {
    if (now > this.#time) {
      this.#time = now;
      this.#count = 0;
    } else this.#count += 1;
    const time = this.#time.toString(36).padStart(9, "0");
    // Of the same ms: in order within a process, and different from those of another.
    return `j${time}${this.#count.toString(36).padStart(4, "0")}${randomBytes(4).toString("hex")}`;
  }
}

/** The id of a job that was dead and is tried again: always the same, so that it is not added twice. */
export function retriedId(id: string): string {
  const [, first = id, count = "0"] = /^(.*)\.(\d{1,9})$/.exec(id) ?? [];
  return `${first}.${Number(count) + 1}`;
}
