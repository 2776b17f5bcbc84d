// Writing to LMDB: what is asked for in one turn of the event loop is committed as one transaction. A commit waits for the
// disk, and all of this thread with it. So when one commit follows another, the next waits until twice the time of the last
// has gone by: more is committed at once, and mail is not held up for more than a third of the time.
//
// LMDB could wait in a thread (`overlappingSync`), but then a process that is killed can leave its lock on the file.

import type { Database, RootDatabase } from "lmdb";
import { Fault } from "../fault.ts";

/** A named database within the file; keys and values are bytes. */
export type Bytes = Database<Buffer, Buffer>;

/**
 * Bytes of addresses for a file of LMDB, which cost nothing; it may grow beyond. By itself LMDB begins with 128 KB and maps the
 * file again and again as it grows, each time beside what it has: every page that was read counts twice.
 */
export const mapSize = 2 ** 32;

/** Actions of one commit. More of them would hold up the event loop. */
const batch = 200;
/** Most ms from one commit to the next. */
const longestPause = 25;

export class Writer {
  readonly #root: RootDatabase<Buffer, Buffer>;
  #waiting: (() => () => void)[] = [];
  #failures: ((fault: Fault) => void)[] = [];
  #scheduled = false;
  /** When the next commit may be, on the clock of `performance`. */
  #next = 0;
  #closed = false;

  constructor(root: RootDatabase<Buffer, Buffer>) {
    this.#root = root;
  }

  /**
   * Runs `action` within a write transaction, and resolves with its result when that is committed. A fault that it throws
   * must come before its first write: the actions beside it are committed all the same. `unavailable` when LMDB fails.
   */
  run<Result>(action: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Fault("closed", "the store is closed");
      this.#waiting.push(() => {
        try {
          const result = action();
          return () => resolve(result);
        } catch (thrown) {
          // Anything but a fault came from LMDB, perhaps halfway: the whole commit is given up.
          if (!(thrown instanceof Fault)) throw thrown;
          return () => reject(thrown);
        }
      });
      this.#failures.push(reject);
      this.#schedule();
    });
  }

  /** Commits what is waiting, and takes no more. */
  close(): void {
    this.#closed = true;
    while (this.#waiting.length > 0) this.#commit();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#commit();
      if (this.#waiting.length > 0) this.#schedule();
    };
    const pause = this.#next - performance.now();
    if (pause >= 1) setTimeout(run, pause);
    else setImmediate(run);
  }

  #commit(): void {
    const actions = this.#waiting.splice(0, batch);
    const failures = this.#failures.splice(0, batch);
    const began = performance.now();
    try {
      const settle = this.#root.transactionSync(() => actions.map((action) => action()));
      for (const done of settle) done();
    } catch (thrown) {
      // The disk is full, or worse: nothing of it was written.
      const fault = new Fault("unavailable", "the store cannot be written", thrown);
      for (const fail of failures) fail(fault);
    }
    const ended = performance.now();
    this.#next = ended + Math.min(longestPause, 2 * (ended - began));
  }
}
