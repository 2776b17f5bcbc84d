// Publishes the text network: has the thread make one of the sums of all lessons, and hands it to all processes unless it does
// worse than the one before.

import type { Log } from "../../shared/log.ts";
import type { Store } from "../../shared/store/store.ts";
import type { Published } from "./published.ts";
import { announce, type Counts, count, lessonsOf, textKey, trialsKey } from "./tables.ts";
import { firstCalibration } from "./text/judge.ts";
import { encodeNetwork } from "./text/network.ts";
import { packTrials, type Trials } from "./text/trials.ts";
import { threads } from "./thread.ts";

/** Lessons of a second beyond which a network is published for many of them together, and the ms between. */
const manyLessons = 20;
const pause = 300;
/** ms that a change of the store may take to be heard of. */
const longestLag = 1_000;

export interface Desk {
  readonly store: Store;
  readonly log: Log;
  readonly published: Published;
  readonly sums: Counts;
  /** As they are now. */
  trials(): Trials;
}

export class Publisher {
  readonly #desk: Desk;
  #publishing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #second = 0;
  #lessonsOfSecond = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /**
   * Publishes what has been learned, unless it does worse than what is published. Resolves when all processes can have it;
   * while many lessons come in, at once: then all of them are published together a little later.
   */
  async publish(minLearns: number): Promise<void> {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) this.#lessonsOfSecond = 0;
    this.#second = second;
    this.#lessonsOfSecond += 1;
    if (this.#lessonsOfSecond <= manyLessons) return this.#publishNext(minLearns);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#publishNext(minLearns).catch((err) =>
        this.#desk.log.error({ err }, "the text network cannot be published"),
      );
    }, pause).unref();
  }

  /** One after the other: whoever asks while one is being made gets the next one, which has their lesson too. */
  #publishNext(minLearns: number): Promise<void> {
    if (this.#publishing === undefined) {
      this.#publishing = this.#publishNow(minLearns).finally(() => {
        this.#publishing = undefined;
      });
      return this.#publishing;
    }
    this.#next ??= this.#publishing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#publishNext(minLearns);
      });
    return this.#next;
  }

  async #publishNow(minLearns: number): Promise<void> {
    const { store, log, published, sums } = this.#desk;
    const { text, counts } = published;
    await hearLessons(counts);
    const trials = packTrials(this.#desk.trials());
    const work = {
      kind: "text",
      counters: new Uint32Array(sums.live.counters),
      lessons: lessonsOf(counts),
      before: text === null ? null : encodeNetwork(text),
      trials,
      calibration: firstCalibration(),
      minLearns,
    } as const;
    const [made] = await Promise.all([threads.text.run(work), store.set(trialsKey, trials, Number.POSITIVE_INFINITY)]);
    if ("refused" in made) {
      log.info({ reason: made.refused }, "the text network is not published");
      return;
    }
    await store.set(textKey, made.network, Number.POSITIVE_INFINITY);
    await announce(counts, "text");
    await published.current();
  }
}

/** A store tells of a change a little after it was made: what is published must have what was just learned, or taken back. */
async function hearLessons({ table, live }: Counts): Promise<void> {
  const until = performance.now() + longestLag;
  for (;;) {
    const learned = await table.read();
    const isHeard = (cell: number) => live.counters[cell] === learned[cell];
    if ((isHeard(count.spam) && isHeard(count.ham)) || performance.now() >= until) return;
    await new Promise((done) => setTimeout(done, 5));
  }
}
