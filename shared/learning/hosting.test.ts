import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { silent } from "../log.ts";
import { analyse } from "../message/analyse.ts";
import { openLocalQueue } from "../queue/local.ts";
import type { Queue } from "../queue/queue.ts";
import { type LmdbStore, openLmdbStore } from "../store/lmdb.ts";
import { takeLesson } from "./hosting.ts";
import type { Learner, LearnerPlace } from "./learner.ts";
import { type LessonJob, type LessonQuestion, lessonJobs } from "./lesson.ts";

let folder: string;
let store: LmdbStore;
let queue: Queue;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-hosting-"));
  store = await openLmdbStore({ folder });
  queue = await openLocalQueue({ folder });
});
after(async () => {
  await queue.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Takes the subject for all that is to be learned of a mail. */
const learner: Learner = {
  reads: ["headers"],
  schema: 1,
  features: ({ headers }) => Buffer.from(headers?.subject ?? ""),
  async apply() {},
};

/** The job that a lesson puts on the queue. */
async function jobOf(lesson: Partial<LessonQuestion>, more: Partial<Learner> = {}): Promise<LessonJob> {
  const place: LearnerPlace = { store, log: silent, config: () => ({}) };
  const { headers } = analyse(Buffer.from("Subject: *** SPAM *** Roses\n\n"));
  const envelope = { rcpts: [] };
  const facts = { headers };
  const question: LessonQuestion = { id: "1", lesson: "spam", origin: "hand", at: 1, digest: "d", envelope, facts };
  await takeLesson("fake", { ...learner, ...more }, place, queue, { ...question, ...lesson });
  const { promise, resolve } = Promise.withResolvers<LessonJob>();
  const working = await queue.work(lessonJobs("fake"), { slots: 1 }, async (job) => resolve(job));
  const job = await promise;
  await working.stop();
  return job;
}

test("a lesson that nobody gave is nobody's own, and one by hand is its recipient's", async () => {
  const scoped: Partial<Learner> = {
    scope: ({ deliverTo, rcpts }) => deliverTo ?? rcpts.join(),
    features: ({ envelope: { deliverTo, rcpts } }) => Buffer.from(`for ${deliverTo ?? rcpts.join()}`),
  };
  const envelope = { rcpts: ["a@example.org"], deliverTo: "b@example.org" };
  for (const [origin, digest, features] of [
    ["hand", "d/b@example.org", "for b@example.org"],
    ["trap", "d", "for "],
    ["automatic", "d", "for "],
  ] as const) {
    const { digest: named, features: made } = await jobOf({ origin, envelope }, scoped);
    assert.deepEqual([named, Buffer.from(made).toString()], [digest, features]);
  }
});

test("what a filter wrote before the subject is not learned", async () => {
  const { features } = await jobOf({});
  assert.equal(Buffer.from(features).toString(), "Roses");
});
