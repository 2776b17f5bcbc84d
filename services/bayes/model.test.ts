import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import type { Label, LearnerPlace, ModelChange } from "../../shared/learning/learner.ts";
import { learn as learnLesson, type Study } from "../../shared/learning/study.ts";
import { Turns } from "../../shared/learning/turns.ts";
import { silent } from "../../shared/log.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { type LmdbStore, openLmdbStore } from "../../shared/store/lmdb.ts";
import { age, isFull } from "./age.ts";
import { classifierConfig } from "./config.ts";
import { readFeatures } from "./features.ts";
import { halve } from "./halving.ts";
import { learner } from "./learner.ts";
import { halvingsOf, lessonsOf, type Model, openModel } from "./model.ts";
import { modelFile } from "./model-file.ts";
import { addressBits, leastTable, mostTable } from "./table-size.ts";

const size = leastTable;
let folder: string;
let store: LmdbStore;
let model: Model;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bayes-"));
  store = await openLmdbStore({ folder });
  model = await openModel({ store, log: silent }, size);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function place(more = "", bytes = size): LearnerPlace {
  const config = configOf(classifierConfig, `classifier "bayes" { size = ${bytes}; ${more} }`);
  return {
    store,
    log: silent,
    config: (name) => (name === "classifier" ? config.get(classifierConfig).classifier : {}),
  };
}

function featuresOf(body: string, more = ""): Uint8Array | null {
  const raw = Buffer.from(`From: a@example.org\r\nSubject: news\r\nMessage-ID: <1@example.org>\r\n\r\n${body}`);
  return learner.features({ envelope: { rcpts: [] }, ...analyse(raw) }, place(more));
}

let changes = 0;
async function apply(kind: ModelChange["kind"], label: Label, features: Uint8Array): Promise<void> {
  await learner.apply([{ kind, label, features, key: `change ${++changes}` }], place());
}

/** Learns as the runtime does; answers with what was learned. */
async function learn(label: Label, body: string): Promise<Uint8Array> {
  const features = featuresOf(body) ?? assert.fail("no features");
  const weighed = (await learner.weigh?.(features, label, place())) ?? assert.fail("not weighed");
  await apply("learn", label, weighed);
  return weighed;
}

/** As many lessons as a model needs that may doubt one. */
async function gainExperience(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    await learn("ham", `shall we meet for lunch on thursday at ${i} with the others`);
    await learn("spam", `buy cheap pills today, offer ${i}`);
  }
}

const sum = () => Array.from(model.tokens.live.counters).reduce((total, value) => total + value, 0);

test("what was learned is taken back exactly", async () => {
  const spam = await learn("spam", "buy cheap pills today, buy cheap watches now");
  const before = sum();
  const ham = await learn("ham", "shall we meet for lunch on thursday");
  assert.deepEqual(lessonsOf(model), { spam: 1, ham: 1 });
  assert.ok(sum() > before && before > 0);
  await apply("unlearn", "ham", ham);
  assert.equal(sum(), before);
  await apply("unlearn", "spam", spam);
  assert.equal(sum(), 0);
  assert.deepEqual(lessonsOf(model), { spam: 0, ham: 0 });
});

test("a change of the same name counts once", async () => {
  const features =
    (await learner.weigh?.(featuresOf("one two three four five") ?? new Uint8Array(), "spam", place())) ??
    assert.fail();
  const change: ModelChange = { kind: "learn", label: "spam", features, key: "the same" };
  await learner.apply([change], place());
  const before = sum();
  await learner.apply([change, change], place());
  assert.equal(sum(), before);
  assert.deepEqual(lessonsOf(model), { spam: 1, ham: 0 });
});

test("what a review adds is no lesson of its own, and is taken back with the lesson", async () => {
  const kept = await learn("spam", "buy cheap pills today");
  for (let i = 0; i < 3; i++) await learn("ham", "buy cheap pills today");
  const others = sum() - readFeatures(kept).strength * readFeatures(kept).tokens.length;
  const review = (await learner.review?.(kept, "spam", place())) ?? assert.fail("nothing to review");
  await apply("review", "spam", review.change);
  assert.deepEqual(lessonsOf(model), { spam: 1, ham: 3 });
  await apply("unlearn", "spam", review.kept);
  assert.equal(sum(), others);
});

test("a lesson that all others contradict gives half back, and is taken back as what is left of it", async () => {
  await gainExperience();
  const others = sum();
  const kept = await learn("spam", "shall we meet for lunch on thursday with the others");
  const before = readFeatures(kept).strength;
  const review = (await learner.review?.(kept, "spam", place())) ?? assert.fail("nothing to review");
  assert.equal(review.kind, "doubt");
  const { strength, tokens } = readFeatures(review.kept);
  assert.ok(strength < before && strength > before / 4);
  await apply("doubt", "spam", review.change);
  assert.equal(sum(), others + strength * tokens.length);
  assert.deepEqual(lessonsOf(model), { spam: 101, ham: 100 });
  await apply("unlearn", "spam", review.kept);
  assert.equal(sum(), others);
});

test("a lesson that others of its kind stand beside is not doubted", async () => {
  await gainExperience();
  const kept = await learn("spam", "your parcel waits for lunch on thursday, pay its customs with the card");
  for (let i = 0; i < 4; i++) await learn("spam", `your parcel ${i} waits on thursday, pay its customs with the card`);
  assert.notEqual((await learner.review?.(kept, "spam", place()))?.kind, "doubt");
});

test("a lesson that was halved with the table is taken back as what is left of it", async () => {
  const spam = await learn("spam", "buy cheap pills today, buy cheap watches now");
  await halve(model);
  assert.equal(halvingsOf(model), 1);
  const left = sum();
  assert.ok(left > 0);
  await apply("unlearn", "spam", spam);
  assert.equal(sum(), 0);
});

test("a lesson that was weighed before the table was halved is taken back as what it added", async () => {
  const features = featuresOf("buy cheap pills today, buy cheap watches now") ?? assert.fail("no features");
  const weighed = (await learner.weigh?.(features, "spam", place())) ?? assert.fail("not weighed");
  await halve(model);
  await apply("learn", "spam", weighed);
  assert.ok(sum() > 0);
  await apply("unlearn", "spam", weighed);
  assert.equal(sum(), 0);
});

test("nothing is left to take back of what was halved many times", async () => {
  const old = await learn("spam", "buy cheap pills today, buy cheap watches now");
  for (let i = 0; i < 32; i++) await halve(model);
  await learn("spam", "buy cheap pills today, buy cheap watches now");
  const before = sum();
  await apply("unlearn", "spam", old);
  assert.equal(sum(), before);
});

test("a process that dies while it halves leaves what the next one does, once", async () => {
  const died = new Error("died");
  const { tokens, counts } = model;
  const dying: readonly Model[] = [
    { ...model, tokens: { ...tokens, table: { ...tokens.table, halve: () => Promise.reject(died) } } },
    { ...model, counts: { ...counts, table: { ...counts.table, add: () => Promise.reject(died) } } },
  ];
  for (const [n, half] of dying.entries()) {
    const spam = await learn("spam", `buy cheap pills today, buy cheap watches now ${n}`);
    const { strength, tokens } = readFeatures(spam);
    await assert.rejects(halve(half), died);
    for (let i = 0; i < 2; i++) await learner.begin?.(place());
    assert.equal(halvingsOf(model), n + 1);
    assert.equal(sum(), (strength >>> 1) * tokens.length);
    await apply("unlearn", "spam", spam);
    assert.equal(sum(), 0);
  }
  await assert.rejects(halve(dying[0] ?? model), died);
  await modelFile.reset(place());
  const spam = await learn("spam", "buy cheap pills today, buy cheap watches now");
  await learner.begin?.(place());
  assert.equal(sum(), readFeatures(spam).strength * readFeatures(spam).tokens.length, "a new model is not halved");
});

test("a full table is halved", async () => {
  assert.equal(isFull(model), false);
  assert.equal(await age(model, 1), false);
  const cells = Uint32Array.from({ length: 2 ** model.bits }, (_, i) => i);
  await model.tokens.table.add(cells, new Int32Array(cells.length).fill(3));
  assert.equal(isFull(model), false, "half of the tokens have something");
  await model.tokens.table.add(Uint32Array.of(2 ** model.bits), Int32Array.of(2));
  assert.equal(isFull(model), true);
  assert.equal(await age(model, 499), false, "it is not looked at after each lesson");
  assert.equal(await age(model, 1), true);
  assert.equal(model.tokens.live.counters[0], 1);
  await model.tokens.table.reset();
  await model.tokens.table.add(Uint32Array.of(7), Int32Array.of(60_001));
  assert.equal(isFull(model), true, "a counter nears its end");
});

test("a process looks at its first lesson whether the table is full: none may ever come to many lessons", async () => {
  await model.tokens.table.add(Uint32Array.of(7), Int32Array.of(60_001));
  await learn("spam", "buy cheap pills today");
  assert.equal(halvingsOf(model), 1);
});

test("to look at a table of another size takes nothing of what is known of this one", async () => {
  const features = featuresOf("a letter about the garden and all that grows in it") ?? assert.fail("no features");
  const study: Study = { actor: "bayes", learner, place: place(), turns: new Turns(), remember: () => 1e9 };
  const teach = (at: number) =>
    learnLesson(study, { digest: "d", lesson: "spam", origin: "hand", at, schema: learner.schema, features });
  await teach(1);
  assert.deepEqual(await learner.learned?.(place("", 2 * size)), { spam: 0, ham: 0 });
  await teach(2);
  assert.deepEqual(lessonsOf(model), { spam: 1, ham: 0 });
});

test("a mail with too few tokens has nothing to learn from, and nothing is learned when it is switched off", () => {
  assert.ok(featuresOf("hello you there"));
  assert.equal(featuresOf("hello you there", "min_tokens = 100"), null);
  assert.equal(featuresOf("hello you there", "enabled = no"), null);
});

test("another size is another model, which knows of no lessons", async () => {
  await learn("spam", "buy cheap pills today");
  const larger = await openModel({ store, log: silent }, 4 * size);
  assert.equal(larger.bits, model.bits + 2);
  assert.deepEqual(lessonsOf(larger), { spam: 0, ham: 0 });
});

test("a model goes into bytes and back, and one of another size is refused", async () => {
  await learn("spam", "buy cheap pills today");
  const bytes = await modelFile.read(place());
  const before = sum();
  await modelFile.reset(place());
  assert.deepEqual(await learner.learned?.(place()), { spam: 0, ham: 0 });
  await modelFile.write(bytes, place());
  assert.equal(sum(), before);
  assert.deepEqual(await learner.learned?.(place()), { spam: 1, ham: 0 });
  await assert.rejects(modelFile.write(bytes.subarray(0, bytes.length - 2), place()), { code: "bad-input" });
});

test("an explanation names the words that decided", async () => {
  await learn("spam", "buy cheap pills today");
  await learn("ham", "lunch on thursday, said carol");
  const raw = Buffer.from("Subject: offer\r\n\r\nbuy cheap lunch");
  const task = { envelope: { rcpts: [] }, ...analyse(raw) };
  const told = (await learner.explain?.(task, place("min_learns = 1; min_tokens = 1"))) ?? assert.fail();
  const weights = new Map(told.marks.map(({ mark, weight }) => [mark, weight]));
  assert.ok((weights.get("buy cheap") ?? 0) > 0 && (weights.get("lunch") ?? 0) < 0);
  assert.ok((told.probability ?? 0) > 0.5);
  const silentYet = (await learner.explain?.(task, place())) ?? assert.fail();
  assert.equal(silentYet.probability, null);
  assert.match(silentYet.note, /after 1 lessons of spam and 1 of ham/);
});

test("sizes are powers of two within limits", () => {
  assert.equal(addressBits(16 * 1024 * 1024), 22);
  assert.equal(addressBits(20 * 1024 * 1024), 22);
  assert.equal(addressBits(1), addressBits(leastTable));
  assert.equal(addressBits(1e12), addressBits(mostTable));
});

test("a table of another size learns what the one before had learned, and each lesson once", async () => {
  const features = featuresOf("a letter about the garden and all that grows in it") ?? assert.fail("no features");
  let at = 0;
  const teach = (bytes: number) => {
    const study: Study = { actor: "bayes", learner, place: place("", bytes), turns: new Turns(), remember: () => 1e9 };
    return learnLesson(study, {
      digest: "d",
      lesson: "spam",
      origin: "hand",
      at: ++at,
      schema: learner.schema,
      features,
    });
  };
  for (let i = 0; i < 2; i++) await teach(size);
  assert.deepEqual(lessonsOf(model), { spam: 1, ham: 0 });
  for (let i = 0; i < 2; i++) await teach(2 * size);
  assert.deepEqual(lessonsOf(await openModel({ store, log: silent }, 2 * size)), { spam: 1, ham: 0 });
});
