import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { defineActor } from "../../shared/actor.ts";
import type { Bus } from "../../shared/bus/bus.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { configOf } from "../../shared/config/live.ts";
import { Fault } from "../../shared/fault.ts";
import { learningConfig } from "../../shared/learning/config.ts";
import { hostLearner } from "../../shared/learning/hosting.ts";
import type { AutomaticLesson, Learner } from "../../shared/learning/learner.ts";
import { type Lesson, learnSubject, lessonJobs, lessonSubject } from "../../shared/learning/lesson.ts";
import { silent } from "../../shared/log.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { openLocalQueue } from "../../shared/queue/local.ts";
import type { Queue } from "../../shared/queue/queue.ts";
import { type LmdbStore, openLmdbStore } from "../../shared/store/lmdb.ts";
import type { Standing } from "../../shared/task.ts";
import { learnFromVerdict, serveLessons } from "./learn.ts";

let folder: string;
let store: LmdbStore;
let queue: Queue;
let bus: Bus;
const learned: string[] = [];
let automatic: AutomaticLesson | null = null;

const learner: Learner = {
  reads: ["headers"],
  schema: 1,
  features: ({ headers, text }) => {
    assert.equal(text, undefined, "only what it reads travels");
    return headers?.subject ? Buffer.from(headers.subject) : null;
  },
  async apply(changes) {
    for (const { kind, label, features } of changes) learned.push(`${kind} ${label} ${Buffer.from(features)}`);
  },
  automatic: () => automatic,
};
const actor = (name: string) =>
  defineActor({ name, about: "", checks: [], config: {}, slots: 1, deadline: 1000, reaches: [], learner });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-lessons-"));
  store = await openLmdbStore({ folder });
  queue = await openLocalQueue({ folder, poll: 20 });
  bus = openLocalBus({ freeze: true });
});
after(async () => {
  await bus.close();
  await queue.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function systemWith(...names: readonly string[]) {
  const config = configOf(learningConfig);
  return { bus, queue, store, config, log: silent, now: Date.now, actors: names.map(actor) };
}

const mail = (subject: string) => Buffer.from(`Message-ID: <${subject}@x>\r\nSubject: ${subject}\r\n\r\nhello`);

async function teach(lesson: Lesson, subject: string, only?: string) {
  const request = { id: "1", lesson, origin: "hand" as const, envelope: { rcpts: [] }, facts: { raw: mail(subject) } };
  const asked = only === undefined ? request : { ...request, actor: only };
  return (await bus.ask(learnSubject, asked, { deadline: Date.now() + 5000 })).fates;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("lessons wait for an actor that is away, and it learns them when it comes", async () => {
  const system = systemWith("one", "two");
  const serving = await serveLessons(system);
  assert.deepEqual(await teach("spam", "a"), { one: "taken", two: "taken" });
  assert.deepEqual(await teach("ham", "b", "two"), { two: "taken" });
  assert.deepEqual(await teach("ham", ""), { one: "nothing", two: "nothing" });
  assert.deepEqual(await teach("ham", "b", "three"), {});
  assert.deepEqual(
    [(await queue.count(lessonJobs("one"))).waiting, (await queue.count(lessonJobs("two"))).waiting],
    [1, 2],
  );
  const two = system.actors[1] ?? assert.fail();
  const hosted = await hostLearner(two, learner, system);
  await until(() => learned.length === 2);
  assert.deepEqual(learned.sort(), ["learn ham b", "learn spam a"]);
  assert.deepEqual(await teach("spam", "a", "two"), { two: "known" });
  await hosted.close();
  await serving.close();
});

test("an actor that cannot take a lesson fails it for all: the same lesson again does no harm", async () => {
  const system = systemWith("broken", "whole");
  const serving = await serveLessons(system);
  const broken = await bus.serve(lessonSubject("broken"), { slots: 1 }, async () => {
    throw new Fault("unavailable", "no store");
  });
  await assert.rejects(teach("spam", "c"), { code: "unavailable" });
  await broken.stop();
  assert.deepEqual(await teach("spam", "c"), { broken: "taken", whole: "taken" });
  await serving.close();
});

test("a verdict is learned when the actor wants it, or a check orders it", async () => {
  const asked: string[] = [];
  const system = systemWith("wise");
  const serving = await bus.serve(
    lessonSubject("wise"),
    { slots: 1 },
    async ({ lesson, origin, automatic: limits }) => {
      asked.push(`${lesson} ${origin} ${limits?.dailyCap}`);
      return "taken";
    },
  );
  const standing = (): Standing => ({ score: 20, required: 15, action: "reject", symbols: [] });
  const judged = { id: "1", envelope: { rcpts: [] }, facts: analyse(mail("d")), findings: {}, standing };
  await learnFromVerdict(system, judged);
  assert.deepEqual(asked, []);
  automatic = { label: "spam", dailyCap: 5, balance: 0.9 };
  await learnFromVerdict(system, judged);
  const ordered = { X_CHECK: null, TRAP_CHECK: { lesson: { label: "spam", origin: "trap" } } };
  await learnFromVerdict(system, { ...judged, findings: ordered });
  assert.deepEqual(asked, ["spam automatic 5", "spam trap undefined"]);
  await serving.stop();
  // Nobody keeps automatic lessons for one that is away.
  await learnFromVerdict(system, judged);
  assert.equal((await queue.count(lessonJobs("wise"))).waiting, 0);
});
