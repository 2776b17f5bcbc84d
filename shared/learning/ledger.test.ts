import assert from "node:assert/strict";
import { test } from "node:test";
import type { Label, LessonOrigin } from "./learner.ts";
import { type Entry, isKnown, judge, reviewed } from "./ledger.ts";
import type { Lesson, LessonJob } from "./lesson.ts";

const life = "3";
const nextLife = "4";
const now = 1_000;

function job(lesson: Lesson, at: number, origin: LessonOrigin = "hand"): LessonJob {
  return { digest: "d", lesson, origin, at, schema: 1, features: Uint8Array.of(at) };
}

function entry(label: Label | null, at: number, origin: LessonOrigin = "hand"): Entry {
  return { label, origin, at, schema: 1, features: Uint8Array.of(at), life, version: 7, due: [] };
}

/** The changes that a lesson makes, in short. */
function changes(before: Entry | undefined, lesson: LessonJob, inLife = life): string {
  const next = judge("a/d", before, lesson, inLife, now);
  if (next === null) return "no";
  return (
    next.due.map(({ kind, label, features, key }) => `${kind} ${label} ${features} ${key}`).join(", ") || "nothing"
  );
}

test("the first lesson is learned", () => {
  assert.equal(changes(undefined, job("spam", 5)), "learn spam 5 a/d/1/5+");
  assert.equal(changes(undefined, job("forget", 5)), "nothing");
});

test("the same lesson again changes nothing but who said so", () => {
  assert.equal(changes(entry("spam", 5), job("spam", 6)), "nothing");
  const next = judge("a/d", entry("spam", 5, "automatic"), job("spam", 6), life, now);
  assert.equal(next?.origin, "hand");
  assert.deepEqual(next?.features, Uint8Array.of(5), "what was learned stays what it was");
});

test("the other label takes back exactly what was learned, and then learns", () => {
  assert.equal(changes(entry("spam", 5), job("ham", 6)), "unlearn spam 5 a/d/8/6-, learn ham 6 a/d/8/6+");
  assert.equal(changes(entry("spam", 5), job("forget", 6)), "unlearn spam 5 a/d/8/6-");
  assert.equal(changes(entry(null, 5), job("ham", 6)), "learn ham 6 a/d/8/6+");
});

test("a person's word stands against automatic lessons, before and after it", () => {
  assert.equal(changes(entry("ham", 5), job("spam", 9, "automatic")), "no");
  assert.equal(changes(entry("ham", 5), job("spam", 9, "trap")), "no");
  assert.equal(changes(entry(null, 5), job("spam", 9, "automatic")), "no", "also that it is to be forgotten");
  assert.match(changes(entry("spam", 9, "automatic"), job("ham", 5)), /unlearn spam .* learn ham/);
  assert.match(changes(entry("ham", 9, "automatic"), job("spam", 5, "trap")), /learn spam/);
});

test("of two lessons by the same kind of teacher the later counts", () => {
  assert.equal(changes(entry("ham", 9), job("spam", 8)), "no");
  assert.match(changes(entry("ham", 9), job("spam", 9)), /learn spam/);
});

test("what a former life of the model learned is not taken back from the new one", () => {
  assert.equal(changes(entry("spam", 5), job("ham", 6), nextLife), "learn ham 6 a/d/8/6+");
  assert.equal(changes(entry("spam", 5), job("spam", 6), nextLife), "learn spam 6 a/d/8/6+");
  assert.equal(changes({ ...entry("spam", 5), schema: 0 }, job("ham", 6)), "learn ham 6 a/d/8/6+");
  assert.equal(changes(entry("ham", 5), job("spam", 9, "automatic"), nextLife), "no", "a person's word outlives it");
});

test("a review adds under a name of its own", () => {
  const next = reviewed("a/d", entry("spam", 5), "spam", {
    kind: "review",
    kept: Uint8Array.of(8),
    change: Uint8Array.of(3),
  });
  assert.deepEqual(next.due, [{ kind: "review", label: "spam", features: Uint8Array.of(3), key: "a/d/8/5*" }]);
  assert.deepEqual([next.features, next.version], [Uint8Array.of(8), 8]);
});

test("known is what would change nothing", () => {
  const schema = 1;
  const known = (before: Entry | undefined, lesson: Lesson, origin: LessonOrigin = "hand") =>
    isKnown(before, { lesson, origin, schema }, life);
  assert.equal(known(undefined, "spam"), false);
  assert.equal(known(undefined, "forget"), true);
  assert.equal(known(entry("spam", 5), "spam"), true);
  assert.equal(known(entry("spam", 5), "ham"), false);
  assert.equal(known(entry("spam", 5), "ham", "automatic"), true);
  assert.equal(isKnown(entry("spam", 5), { lesson: "spam", origin: "hand", schema }, nextLife), false);
});

test("a lesson that is older than the one learned comes too late, unless that was given in the future", () => {
  assert.equal(changes(entry("spam", 6), job("ham", 5)), "no");
  // A clock was wrong, and has been set right since.
  assert.match(changes(entry("spam", now + 1), job("ham", now)), /^unlearn spam .*, learn ham /);
});
