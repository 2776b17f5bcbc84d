import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { Fault } from "../fault.ts";
import { silent } from "../log.ts";
import { openLocalQueue } from "../queue/local.ts";
import type { Queue } from "../queue/queue.ts";
import { type LmdbStore, openLmdbStore } from "../store/lmdb.ts";
import type { Table } from "../store/store.ts";
import type { Learner, LearnerPlace, LessonOrigin, ModelChange } from "./learner.ts";
import { beginModelLife } from "./ledger.ts";
import { type Lesson, type LessonJob, lessonJobs } from "./lesson.ts";
import { beginStudy, learn, type Study } from "./study.ts";
import { Turns } from "./turns.ts";

let folder: string;
let store: LmdbStore;
let queue: Queue;
let table: Table;
/** Called with each change: what it throws, `apply` throws after the change was made. */
let after: (change: ModelChange) => void = () => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-study-"));
  store = await openLmdbStore({ folder });
  queue = await openLocalQueue({ folder, lease: 300, poll: 20 });
  table = await store.table("model", { cells: 4, bits: 32 });
  after = () => {};
});
afterEach(async () => {
  await queue.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Cells of the model: what was learned of spam and of ham, and how many changes were made. */
const learner: Learner = {
  reads: [],
  schema: 1,
  features: () => Uint8Array.of(1),
  async apply(changes: readonly ModelChange[], { store }: LearnerPlace) {
    const model = await store.table("model", { cells: 4, bits: 32 });
    for (const change of changes) {
      const { kind, label, features, key } = change;
      const by = (features[0] ?? 0) * (kind === "unlearn" ? -1 : 1);
      await model.add(Uint32Array.of(label === "spam" ? 0 : 1, 2), Int32Array.of(by, 1), key);
      after(change);
    }
  },
};

function studyWith(more: Partial<Learner> = {}): Study {
  const place = { store, log: silent, config: () => ({}) };
  return { actor: "fake", learner: { ...learner, ...more }, place, turns: new Turns(), remember: () => 1e9 };
}

function job(digest: string, lesson: Lesson, at: number, weight = 1, origin: LessonOrigin = "hand"): LessonJob {
  return { digest, lesson, origin, at, schema: 1, features: Uint8Array.of(weight) };
}

/** What the model holds: spam, ham. */
async function model(): Promise<number[]> {
  return [...(await table.read())].slice(0, 2);
}

test("a lesson counts once, and is taken back exactly", async () => {
  const study = studyWith();
  for (let i = 0; i < 3; i++) await learn(study, job("a", "spam", 1, 5));
  assert.deepEqual(await model(), [5, 0]);
  await learn(study, job("a", "ham", 2, 7));
  assert.deepEqual(await model(), [0, 7]);
  await learn(study, job("a", "spam", 3, 9, "automatic"));
  assert.deepEqual(await model(), [0, 7]);
  await learn(study, job("a", "forget", 4));
  assert.deepEqual(await model(), [0, 0]);
});

test("what takes its time follows a lesson that taught something, when the model has it", async () => {
  const seen: number[][] = [];
  const study = studyWith({ train: async () => void seen.push(await model()) });
  await learn(study, job("a", "spam", 1, 5));
  await learn(study, job("a", "spam", 2, 5));
  await learn(study, job("a", "ham", 3, 7));
  await learn(study, job("a", "forget", 4));
  assert.deepEqual(seen, [
    [5, 0],
    [0, 7],
  ]);
});

test("what people say of a mail of their own replaces what was learned of it automatically, and nobody's word", async () => {
  const study = studyWith();
  await learn(study, job("a", "spam", 1, 5, "automatic"));
  await learn(study, job("a/user", "ham", 2, 3));
  assert.deepEqual(await model(), [0, 3]);
  await learn(study, job("a", "spam", 3, 5, "automatic"));
  assert.deepEqual(await model(), [0, 3]);
  await learn(study, job("a", "spam", 4, 7));
  await learn(study, job("a/other", "ham", 5, 3));
  assert.deepEqual(await model(), [7, 6]);
  await learn(study, job("b/user", "spam", 6, 2));
  await learn(study, job("b", "ham", 7, 9, "trap"));
  assert.deepEqual(await model(), [9, 6], "also when it was said first");
});

test("a process that dies between model and ledger leaves a lesson that is finished, once", async () => {
  const study = studyWith();
  let at = 0;
  for (const [lesson, expected] of [
    ["spam", [5, 0]],
    ["ham", [0, 5]],
    ["forget", [0, 0]],
  ] as const) {
    at += 1;
    after = () => {
      throw new Fault("failed", "killed");
    };
    const lessonJob = job("a", lesson, at, 5);
    await assert.rejects(learn(study, lessonJob));
    after = () => {};
    await learn(study, lessonJob);
    assert.deepEqual(await model(), expected, lesson);
  }
});

test("another lesson on the same mail finishes what a dead process began", async () => {
  const study = studyWith();
  after = () => {
    throw new Fault("failed", "killed");
  };
  await assert.rejects(learn(study, job("a", "spam", 1, 5)));
  after = () => {};
  await learn(study, job("a", "ham", 2, 3));
  assert.deepEqual(await model(), [0, 3]);
});

test("what depends on the model is weighed once, and that is what is taken back", async () => {
  let weight = 10;
  const study = studyWith({ weigh: async () => Uint8Array.of(weight) });
  await learn(study, job("a", "spam", 1));
  weight = 4;
  await learn(study, job("a", "spam", 2));
  assert.deepEqual(await model(), [10, 0]);
  await learn(study, job("a", "ham", 3));
  assert.deepEqual(await model(), [0, 4]);
});

test("beside each lesson earlier ones of the other label are looked at again", async () => {
  const review: Learner["review"] = async (kept) => ({
    kind: "review",
    kept: Uint8Array.of((kept[0] ?? 0) + 1),
    change: Uint8Array.of(1),
  });
  const study = studyWith({ review });
  await learn(study, job("a", "spam", 1, 10));
  assert.deepEqual(await model(), [10, 0]);
  await learn(study, job("b", "ham", 2, 20));
  assert.deepEqual(await model(), [13, 20], "the one of spam, three times");
  await learn(study, job("a", "forget", 3));
  assert.deepEqual(await model(), [0, 20], "with what reviews added");
});

test("what a former life of the model learned is not taken from the new one", async () => {
  const study = studyWith();
  await learn(study, job("a", "spam", 1, 5));
  await table.reset();
  await beginModelLife(store, "fake");
  await learn(study, job("a", "ham", 2, 3));
  assert.deepEqual(await model(), [0, 3]);
});

test("lessons of another schema are put with the dead, and the others are learned", async () => {
  const study = studyWith();
  await queue.add(lessonJobs("fake"), { ...job("a", "spam", 1), schema: 0 });
  await queue.add(lessonJobs("fake"), job("b", "ham", 1, 2));
  const working = await beginStudy(study, queue);
  for (;;) {
    const { waiting, atWork, dead } = await queue.count(lessonJobs("fake"));
    if (waiting + atWork === 0 && dead === 1) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await working.stop();
  assert.deepEqual(await model(), [0, 2]);
});

test("of two processes one learns, and the other goes on when it ends", async () => {
  const first = await beginStudy(studyWith(), queue);
  const second = await openLmdbStore({ folder });
  const study = studyWith();
  const other = await beginStudy({ ...study, place: { ...study.place, store: second } }, queue);
  await queue.add(lessonJobs("fake"), job("a", "spam", 1, 5));
  while ((await model())[0] !== 5) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.stop();
  await queue.add(lessonJobs("fake"), job("b", "spam", 1, 1));
  while ((await model())[0] !== 6) await new Promise((resolve) => setTimeout(resolve, 5));
  await other.stop();
  await second.close();
});

test("the same lessons are looked at again wherever the same is taught", async () => {
  const taught = async (actor: string): Promise<string> => {
    const looked: number[] = [];
    const review = async ([number = 0]: Uint8Array) => {
      looked.push(number);
      return null;
    };
    const study = { ...studyWith({ review }), actor };
    for (let n = 0; n < 30; n++) await learn(study, job(`mail ${n}`, n % 2 === 0 ? "spam" : "ham", n, n));
    return looked.join(" ");
  };
  const one = await taught("one");
  assert.equal(await taught("another"), one);
  assert.ok(new Set(one.split(" ")).size > 10, one);
});

test("lessons at once are weighed one after the other, each knowing those before it", async () => {
  let held = 0;
  const weighed: number[] = [];
  const study = studyWith({
    // Adds what is missing to 10, as a model that errs less and less.
    async weigh() {
      const missing = 10 - held;
      weighed.push(missing);
      return Uint8Array.of(Math.ceil(missing / 2));
    },
    async expect(changes) {
      for (const { features } of changes) held += features[0] ?? 0;
      return () => {};
    },
  });
  await Promise.all(["a", "b", "c", "d"].map((digest) => learn(study, job(digest, "spam", 1))));
  assert.deepEqual(weighed, [10, 5, 2, 1]);
  assert.deepEqual(await model(), [10, 0]);
});

test("automatic lessons that were taken at once do not make a model lean", async () => {
  const learned: Learner["learned"] = async () => {
    const [spam = 0, ham = 0] = await model();
    return { spam, ham };
  };
  const study = studyWith({ learned });
  const automatic = (n: number, lesson: Lesson): LessonJob => {
    return { ...job(`mail ${n}`, lesson, n, 1, "automatic"), balance: 0.5 };
  };
  for (let n = 0; n < 8; n++) await learn(study, automatic(n, "spam"));
  assert.deepEqual(await model(), [1, 0]);
  for (let n = 8; n < 16; n++) await learn(study, automatic(n, "ham"));
  assert.deepEqual(await model(), [1, 3]);
  await learn(study, job("hand", "ham", 20));
  assert.deepEqual(await model(), [1, 4]);
});

test("a lesson whose process died before it was in the model is looked at again like others", async () => {
  const looked: string[] = [];
  const review: Learner["review"] = async (kept) => {
    looked.push(String(kept));
    return null;
  };
  const study = studyWith({ review });
  after = () => {
    throw new Fault("failed", "killed");
  };
  await assert.rejects(learn(study, job("a", "spam", 1, 5)));
  after = () => {};
  await learn(study, job("a", "spam", 1, 5));
  await learn(study, job("b", "ham", 2, 7));
  assert.deepEqual(looked, ["5", "5", "5"]);
});

test("what is expected arrives, or is expected no more", async () => {
  let onTheWay = 0;
  const expecting: Partial<Learner> = {
    async expect(changes) {
      onTheWay += changes.length;
      return () => {
        onTheWay -= changes.length;
      };
    },
  };
  await learn(studyWith(expecting), job("a", "spam", 1));
  assert.equal(onTheWay, 0);
  after = () => {
    assert.equal(onTheWay, 1);
    throw new Fault("unavailable", "the store is away");
  };
  await assert.rejects(learn(studyWith(expecting), job("b", "spam", 1)));
  assert.equal(onTheWay, 0);
});
