import assert from "node:assert/strict";
import { test } from "node:test";
import { actionFor, decide, type NamedResult, requiredScore } from "./decide.ts";

const rules = [
  { name: "reject", threshold: 15 },
  { name: "add header", threshold: 6 },
  { name: "greylist", threshold: 4 },
  { name: "soft reject", threshold: null },
];

test("the action with the highest threshold that the score reaches", () => {
  assert.equal(actionFor(3.99, rules), "no action");
  assert.equal(actionFor(4, rules), "greylist");
  assert.equal(actionFor(6, rules), "add header");
  assert.equal(actionFor(99, rules), "reject");
  assert.equal(actionFor(99, []), "no action");
});

test("required is the reject threshold, else the highest", () => {
  assert.equal(requiredScore(rules), 15);
  assert.equal(requiredScore(rules.slice(1)), 6);
  assert.equal(requiredScore([]), 0);
});

test("a result decides over the score; the highest priority first", () => {
  const results: NamedResult[] = [
    { action: "soft reject", by: "A", message: "later" },
    { action: "no action", by: "B", priority: 9 },
  ];
  assert.deepEqual(decide(20, rules, results.slice(0, 1)), {
    action: "soft reject",
    score: 20,
    by: "A",
    message: "later",
  });
  assert.deepEqual(decide(20, rules, results), { action: "no action", score: 20, by: "B" });
});

test("no action never raises the score, another action takes the score it is given", () => {
  assert.equal(decide(2, rules, [{ action: "no action", by: "A", score: 5 }]).score, 2);
  assert.equal(decide(2, rules, [{ action: "reject", by: "A", score: 5 }]).score, 5);
  assert.equal(decide(0, rules, [{ action: "reject", by: "A", skip: true }]).score, 15);
});

test("least raises action and score, and never lowers them", () => {
  const least = (action: string, by = "A"): NamedResult => ({ action, by, least: true });
  assert.deepEqual(decide(1, rules, [least("add header")]), { action: "add header", score: 6, by: "A" });
  assert.deepEqual(decide(20, rules, [least("add header")]), { action: "reject", score: 20 });
  assert.deepEqual(decide(6, rules, [least("greylist")]), { action: "add header", score: 6 });
  assert.equal(decide(1, rules, [least("greylist"), least("soft reject", "B")]).by, "B");
  assert.deepEqual(decide(7, rules, [least("no action")]), { action: "add header", score: 7 });
});

test("least of an action of one's own: its threshold counts, without one it gives way to reject", () => {
  const own = [...rules, { name: "hold", threshold: 10 }, { name: "phish", threshold: null }];
  const least = (action: string): NamedResult => ({ action, by: "A", least: true });
  assert.deepEqual(decide(11, own, [least("add header")]), { action: "hold", score: 11 });
  assert.deepEqual(decide(7, own, [least("hold")]), { action: "hold", score: 10, by: "A" });
  assert.deepEqual(decide(7, own, [least("phish")]), { action: "phish", score: 7, by: "A" });
  assert.deepEqual(decide(15, own, [least("phish")]), { action: "reject", score: 15 });
});

test("an action that is switched off is not chosen", () => {
  assert.equal(decide(1, rules, [{ action: "quarantine", by: "A" }]).action, "no action");
});
