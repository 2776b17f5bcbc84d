// Teaches the text network: what a lesson adds, and when the outcome is published. Runs in the process that has the lease for
// lessons (shared/learning/study.ts); the sums are in the store, the making of a network is the thread's.

import { Ahead } from "../../shared/learning/ahead.ts";
import { lessonsBy, signOf } from "../../shared/learning/change.ts";
import type { Label, ModelChange, Review } from "../../shared/learning/learner.ts";
import { pullOf } from "../../shared/learning/pull.ts";
import type { Log } from "../../shared/log.ts";
import type { Store } from "../../shared/store/store.ts";
import { openPublished, type Published } from "./published.ts";
import { Publisher } from "./publisher.ts";
import { type Counts, count, lessonsOf, openLessons, trialsKey } from "./tables.ts";
import { decided, readLesson, strongest, type TextLesson } from "./text/lesson.ts";
import { blend, familiarity, firstShare, type TextNetwork } from "./text/network.ts";
import { noTrials, type Trials, unpackTrials, withHeld, withJudgement, withoutHeld } from "./text/trials.ts";
import { unit } from "./thread-work.ts";

/** How far a whole pull (shared/learning/pull.ts) would move the network, shared by the root of the number of its features. */
const boldness = 18;
/** Errors below which a lesson, and one that is looked at again, teaches nothing. */
const sure = 0.02;
const nearlySure = 0.15;
/** Of lessons that the network judges rightly one in so many is held back, once there are some. */
const heldBack = 8;
const holdAfter = 40;

export class School {
  readonly #store: Store;
  readonly #published: Published;
  readonly #sums: Counts;
  #trials: Trials;
  readonly #publisher: Publisher;
  /** Changes of the sums that are on their way. */
  readonly #ahead = new Ahead();

  constructor(store: Store, log: Log, published: Published, sums: Counts, trials: Trials) {
    this.#store = store;
    this.#published = published;
    this.#sums = sums;
    this.#trials = trials;
    this.#publisher = new Publisher({ store, log, published, sums, trials: () => this.#trials });
  }

  get published(): Published {
    return this.#published;
  }

  get sums(): Counts {
    return this.#sums;
  }

  /** Takes up what networks are tried with as the process that learned last has left it. */
  async begin(): Promise<void> {
    this.#trials = await readTrials(this.#store);
  }

  /** A lesson with what it is to add: nothing when the network knew it, or when it is held back to try networks with. */
  weigh(bytes: Uint8Array, label: Label, minLearns: number): Uint8Array {
    const lesson = readLesson(bytes);
    const spam = label === "spam";
    const lessons = lessonsOf(this.#published.counts);
    const total = lessons.spam + lessons.ham;
    const { learned, known } = this.#learned(lesson);
    const counting = learned * familiarity(learned, known, lesson.numbers.length);
    this.#trials = withJudgement(this.#trials, { spam, logit: blend(lesson.first, counting, lessons, minLearns) });
    const error = errorOf(lesson, learned, lessons, spam);
    if (error < 0.5 && total >= holdAfter && (lesson.name[0] ?? 0) % heldBack === 0) {
      this.#trials = withHeld(this.#trials, { spam, first: lesson.first, numbers: lesson.numbers, at: total });
      return decided(bytes, 0, true);
    }
    return decided(bytes, error < sure ? 0 : stepOf(pullOf(error, false), lesson.numbers.length), false);
  }

  /** More of a lesson that the network has come to judge wrongly; null when it still knows it. */
  review(kept: Uint8Array, label: Label): Review | null {
    const lesson = readLesson(kept);
    if (lesson.held) return null;
    const lessons = lessonsOf(this.#published.counts);
    const error = errorOf(lesson, this.#learned(lesson).learned, lessons, label === "spam");
    if (error < nearlySure) return null;
    const more = stepOf(pullOf(error, true), lesson.numbers.length);
    if (lesson.step + more > strongest) return null;
    return { kind: "review", kept: decided(kept, lesson.step + more, false), change: decided(kept, more, false) };
  }

  /** Adds lessons to the sums, or takes them away again. Each key counts once. */
  async apply(changes: readonly ModelChange[]): Promise<void> {
    await Promise.all(changes.map((change) => this.#change(change)));
  }

  /** Counts changes in for those who weigh lessons, until the answer is called. */
  expect(changes: readonly ModelChange[]): () => void {
    const arrived = changes.flatMap((change) => {
      const { step, numbers } = readLesson(change.features);
      return step === 0 ? [] : [this.#ahead.expect(cellsOf(numbers, change.label), signOf(change) * step)];
    });
    return () => {
      for (const end of arrived) end();
    };
  }

  async #change(change: ModelChange): Promise<void> {
    const { kind, label, features, key } = change;
    const { step, held, numbers } = readLesson(features);
    if (held && kind === "unlearn") this.#trials = withoutHeld(this.#trials, numbers);
    const adding: Promise<unknown>[] = [];
    if (step > 0) {
      const cells = cellsOf(numbers, label);
      adding.push(this.#sums.table.add(cells, new Int32Array(cells.length).fill(signOf(change) * step), key));
    }
    const by = lessonsBy(change);
    if (by !== 0) {
      adding.push(this.#published.counts.table.add(Uint32Array.of(count[label]), Int32Array.of(by), key));
    }
    await Promise.all(adding);
  }

  /** What the sums say of a lesson, log odds before calibration, and of how many of its features they say anything. */
  #learned({ numbers }: TextLesson): { readonly learned: number; readonly known: number } {
    const { counters } = this.#sums.live;
    const ahead = this.#ahead;
    let sum = 0;
    let known = 0;
    for (const number of numbers) {
      const by = ahead.isEmpty
        ? (counters[2 * number] ?? 0) - (counters[2 * number + 1] ?? 0)
        : ahead.of(counters, 2 * number) - ahead.of(counters, 2 * number + 1);
      sum += by;
      if (by !== 0) known++;
    }
    return { learned: sum / unit / Math.sqrt(numbers.length + 1), known };
  }

  /** See Publisher. */
  publish(minLearns: number): Promise<void> {
    return this.#publisher.publish(minLearns);
  }

  /** Forgets what networks are tried with. */
  async forgetTrials(): Promise<void> {
    this.#trials = noTrials;
    await this.#store.delete(trialsKey);
  }
}

/** Where a lesson of this label adds. */
function cellsOf(numbers: Uint32Array, label: Label): Uint32Array {
  const side = label === "spam" ? 0 : 1;
  return numbers.map((number) => 2 * number + side);
}

/** How wrong the network is about a lesson, 0 to 1. */
function errorOf({ first }: TextLesson, learned: number, lessons: TextNetwork["lessons"], spam: boolean): number {
  const logit = firstShare(lessons) * first + learned;
  return 1 / (1 + Math.exp(spam ? logit : -logit));
}

function stepOf(pull: number, features: number): number {
  return Math.min(strongest, Math.max(1, Math.round((unit * boldness * pull) / Math.sqrt(features + 1))));
}

const schools = new WeakMap<Store, Promise<School>>();

export function openSchool(store: Store, log: Log): Promise<School> {
  let school = schools.get(store);
  if (school === undefined) {
    school = open(store, log);
    schools.set(store, school);
    school.catch(() => schools.delete(store));
  }
  return school;
}

async function open(store: Store, log: Log): Promise<School> {
  const published = await openPublished({ store, log });
  const sums = await openLessons(store, log);
  return new School(store, log, published, sums, await readTrials(store));
}

async function readTrials(store: Store): Promise<Trials> {
  const bytes = await store.getBytes(trialsKey);
  return bytes === undefined ? noTrials : unpackTrials(bytes);
}
