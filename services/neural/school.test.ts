import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import type { Label, LearnerPlace } from "../../shared/learning/learner.ts";
import { silent } from "../../shared/log.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { type LmdbStore, openLmdbStore } from "../../shared/store/lmdb.ts";
import type { Store } from "../../shared/store/store.ts";
import { neuralConfig } from "./config.ts";
import { learner } from "./learner.ts";
import { mailName } from "./mail-name.ts";
import { modelFile } from "./model-bytes.ts";
import { openPublished } from "./published.ts";
import { openSchool } from "./school.ts";
import { newLessons, readLessons } from "./symbols/memory.ts";
import { rememberMail } from "./symbols/seen.ts";
import { makeVector } from "./symbols/vector.ts";
import { trialsKey } from "./tables.ts";
import { judgeText } from "./text/judge.ts";
import { noTrials, unpackTrials } from "./text/trials.ts";

let folder: string;
let store: LmdbStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-neural-"));
  store = await openLmdbStore({ folder });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function place(text = ""): LearnerPlace {
  const config = configOf(neuralConfig, `neural { ${text} }`);
  return { store, log: silent, config: () => config.get(neuralConfig).neural };
}

function mail(body: string) {
  const raw = Buffer.from(`From: A <a@x.example>\r\nMessage-ID: <${body.length}@x>\r\nSubject: news\r\n\r\n${body}`);
  return analyse(raw);
}

function weigh(label: Label, body: string): Promise<Uint8Array> {
  const features = learner.features({ envelope: { rcpts: [] }, ...mail(body) }, place()) ?? assert.fail("no features");
  return learner.weigh?.(features, label, place()) ?? assert.fail("not weighed");
}

let keys = 0;
async function learn(label: Label, body: string): Promise<Uint8Array> {
  const features = await weigh(label, body);
  await learner.apply([{ kind: "learn", label, features, key: `key ${++keys}` }], place());
  return features;
}

async function oddsOf(body: string): Promise<number> {
  const { text } = await openPublished({ store, log: silent });
  return judgeText(mail(body), text, 5);
}

async function sums(): Promise<number> {
  const { sums: all } = await openSchool(store, silent);
  const counters: Iterable<number> = await all.table.read();
  return [...counters].reduce((total, value) => total + value, 0);
}

test("what was taught is judged by, in this process as soon as the lesson is done", async () => {
  const [roses, work] = ["Roses for the garden, number", "Minutes of the meeting, number"];
  const before = await oddsOf(`${roses} 99`);
  for (let i = 0; i < 8; i++) {
    await learn("spam", `${roses} ${i}`);
    await learn("ham", `${work} ${i}`);
  }
  assert.deepEqual(await learner.learned?.(place()), { spam: 8, ham: 8 });
  assert.ok((await oddsOf(`${roses} 99`)) > before + 1);
  assert.ok((await oddsOf(`${work} 99`)) < 0);
});

test("a change that is made twice counts once, and one that is taken back leaves nothing", async () => {
  const features = await learn("spam", "Roses for the garden");
  const once = await sums();
  await learner.apply([{ kind: "learn", label: "spam", features, key: `key ${keys}` }], place());
  assert.equal(await sums(), once);
  assert.deepEqual(await learner.learned?.(place()), { spam: 1, ham: 0 });
  await learner.apply([{ kind: "unlearn", label: "spam", features, key: "back" }], place());
  assert.equal(await sums(), 0);
  assert.deepEqual(await learner.learned?.(place()), { spam: 0, ham: 0 });
});

test("a lesson that the network knows teaches nothing, and one that it has come to doubt is looked at again", async () => {
  const features = await learn("ham", "Roses for the garden");
  for (let i = 0; i < 5; i++) await learn("spam", `Roses for the garden, ${i}`);
  const review = (await learner.review?.(features, "ham", place())) ?? assert.fail("it is sure of it");
  assert.notDeepEqual(review.kept, features);
  await learner.apply([{ kind: "review", label: "ham", features: review.change, key: "again" }], place());
  assert.deepEqual(await learner.learned?.(place()), { spam: 5, ham: 1 });
  await learner.apply([{ kind: "unlearn", label: "ham", features: review.kept, key: "back again" }], place());
  const { sums: all } = await openSchool(store, silent);
  const ham = (await all.table.read()).filter((_, cell) => cell % 2 === 1);
  assert.ok(
    ham.every((value) => value === 0),
    "old and new are taken back together",
  );
});

test("a model is the same in another store, and is forgotten when it is reset", async () => {
  for (let i = 0; i < 6; i++) {
    await learn("spam", `Roses for the garden, ${i}`);
    await learn("ham", `Minutes of the meeting, ${i}`);
  }
  const odds = await oddsOf("Roses for the garden");
  const bytes = await modelFile.read(place());
  await modelFile.reset(place());
  assert.deepEqual(await learner.learned?.(place()), { spam: 0, ham: 0 });
  assert.equal((await openPublished({ store, log: silent })).text, null);
  await modelFile.write(bytes, place());
  assert.deepEqual(await learner.learned?.(place()), { spam: 6, ham: 6 });
  assert.ok(Math.abs((await oddsOf("Roses for the garden")) - odds) < 0.2);
  assert.throws(() => modelFile.check(new Uint8Array(5), place()), /another size/);
});

test("what is no mail at all has nothing to learn from", () => {
  const featuresOf = (raw: string) =>
    learner.features({ envelope: { rcpts: [] }, ...analyse(Buffer.from(raw)) }, place());
  for (const raw of ["", "\n", "\r\n \r\n"]) assert.equal(featuresOf(raw), null);
  assert.ok(featuresOf("Subject: x\n\n"));
  assert.ok(featuresOf("\nHello"));
});

test("a mail that was scanned is a lesson for the networks over symbols, one that was not is none", async () => {
  const facts = mail("Roses for the garden");
  const standing = { score: 0, required: 15, action: "no action", symbols: [{ name: "A_RULE", score: 2 }] };
  rememberMail(place(), mailName(facts), makeVector({ ...facts, standing }, new Set()), 60_000);
  const features = await learn("spam", "Roses for the garden");
  await learn("spam", "Never seen before");
  assert.deepEqual(
    (await readLessons(store, 10)).map(({ spam }) => spam),
    [true],
  );
  await learner.apply([{ kind: "unlearn", label: "spam", features, key: "not spam" }], place());
  assert.deepEqual(await readLessons(store, 10), []);
});

test("networks over symbols are trained from what was taught, and published", async () => {
  const published = await openPublished({ store, log: silent });
  await published.want(["short", "normal", "long"]);
  for (let i = 0; i < 80; i++) {
    const spam = i % 2 === 0;
    const facts = mail(`${"x".repeat(i)} text`);
    const rule = spam ? { name: "BAD_RULE", score: 3 } : { name: "GOOD_RULE", score: -1 };
    const symbols = [rule, { name: `R${i % 5}`, score: 1 }];
    const standing = { score: 0, required: 15, action: "no action", symbols };
    rememberMail(place(), mailName(facts), makeVector({ ...facts, standing }, new Set()), 60_000);
    await learn(spam ? "spam" : "ham", `${"x".repeat(i)} text`);
  }
  for (const rule of ["short", "normal", "long"]) assert.equal(published.symbols(rule), null, rule);
  // As the lessons of a folder do it that are learned side by side.
  await Promise.all(Array.from({ length: 9 }, () => learner.train?.(place())));
  for (const rule of ["short", "normal", "long"]) {
    assert.notEqual(published.symbols(rule), null, rule);
    assert.equal(await newLessons(store, rule), 0, rule);
  }
});

test("nothing is learned where configuration says so", () => {
  const task = { envelope: { rcpts: [] }, ...mail("text") };
  assert.equal(learner.features(task, place("enabled = no")), null);
});

test("verdicts are lessons only where configuration says so, and by what others said of the mail", () => {
  const automatic = (text: string, score: number, symbols: Readonly<Record<string, number>>) => {
    const raised = Object.entries(symbols).map(([name, score]) => ({ name, score }));
    const standing = { score, required: 15, action: score >= 15 ? "reject" : "no action", symbols: raised };
    return learner.automatic?.(() => standing, { rcpts: [] }, place(text).config) ?? null;
  };
  assert.equal(automatic("", 20, { A: 20 }), null);
  assert.equal(automatic("train { autotrain = yes }", 20, { A: 20 })?.label, "spam");
  assert.equal(automatic("train { autotrain = yes }", 18, { A: 14, TEXT_SPAM: 4 }), null);
  assert.equal(automatic("train { autotrain = yes }", -1, { A: -1 })?.label, "ham");
  assert.equal(automatic("train { autotrain = yes }", -1, { A: 1, TEXT_HAM: -2 }), null);
});

test("who begins to learn knows what another process has held back, or forgotten, since", async () => {
  const school = await openSchool(store, silent);
  for (let i = 0; i < 5; i++) for (const label of ["spam", "ham"] as const) await learn(label, `${label} ${i}`);
  await school.publish(5);
  const before = (await store.getBytes(trialsKey)) ?? assert.fail("no trials");
  // What `sluice model reset` does, in a process of its own.
  await store.delete(trialsKey);
  await learner.begin?.(place());
  await school.publish(5);
  const after = (await store.getBytes(trialsKey)) ?? assert.fail("no trials");
  assert.equal(unpackTrials(before).judged.length, 10);
  assert.deepEqual(unpackTrials(after), noTrials);
});

test("what is published has what was just learned or taken back, also when the store tells of it late", async () => {
  const late: Store = {
    ...store,
    async table(name, shape) {
      const table = await store.table(name, shape);
      return { ...table, follow: (listener) => table.follow((change) => void setTimeout(listener, 40, change)) };
    },
  };
  const lessons = async () => (await openPublished({ store: late, log: silent })).text?.lessons;
  const features = await weigh("spam", "Roses for the garden");
  const change = { label: "spam", features, key: "late" } as const;
  await learner.apply([{ ...change, kind: "learn" }], { ...place(), store: late });
  assert.deepEqual(await lessons(), { spam: 1, ham: 0 });
  await learner.apply([{ ...change, kind: "unlearn", key: "back" }], { ...place(), store: late });
  assert.deepEqual(await lessons(), { spam: 0, ham: 0 });
});
