import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerCache } from "./cache.ts";

const limits = { size: 10_000, minTtl: 1_000, maxTtl: 100_000, negativeTtl: 50_000, failureTtl: 5_000 };
const found = (record: string) => ({ status: "found" as const, records: [record], ttl: 60, secure: false });
const none = { status: "no-name" as const, secure: false };
const failure = { status: "failed" as const, reason: "timeout" };

test("what was found is there until its time is over, and says what is left of it", () => {
  const cache = new AnswerCache(limits);
  assert.equal(cache.put("a", found("192.0.2.1"), 60, 0), 60_000);
  assert.deepEqual(cache.get("a", 20_500), { ...found("192.0.2.1"), ttl: 39 });
  assert.equal(cache.get("a", 60_000), undefined);
  assert.equal(cache.size, 0);
});

test("times have limits, each kind of answer its own", () => {
  const cache = new AnswerCache(limits);
  assert.equal(cache.put("a", found("x"), 0, 0), 1_000);
  assert.equal(cache.put("a", found("x"), 1e9, 0), 100_000);
  assert.equal(cache.put("a", none, 3_600, 0), 50_000);
  assert.equal(cache.put("a", none, undefined, 0), 1_000);
  assert.equal(cache.put("a", failure, 3_600, 0), 5_000);
  assert.deepEqual(cache.get("a", 4_999), failure);
});

test("a time of nothing keeps nothing", () => {
  const cache = new AnswerCache({ ...limits, minTtl: 0, failureTtl: 0 });
  cache.put("a", found("x"), 0, 0);
  cache.put("b", failure, undefined, 0);
  assert.equal(cache.size, 0);
});

test("the oldest go first, but not while they are asked for", () => {
  const cache = new AnswerCache(limits);
  cache.put("wanted", found("x"), 90, 0);
  cache.put("unwanted", found("x"), 90, 0);
  for (let count = 0; count < 1_000; count++) {
    cache.put(`made up ${count}`, none, 50, 0);
    assert.ok(cache.size <= limits.size);
    assert.ok(cache.get("wanted", 0), `gone after ${count}`);
  }
  assert.equal(cache.get("unwanted", 0), undefined);
  assert.ok(cache.get("made up 999", 0));
});

test("one that is larger than all of it is not kept", () => {
  const cache = new AnswerCache(limits);
  cache.put("a", none, 10, 0);
  cache.put("b", found("x".repeat(20_000)), 10, 0);
  assert.equal(cache.get("b", 0), undefined);
  assert.ok(cache.get("a", 0));
});

test("a newer answer takes the place of an older", () => {
  const cache = new AnswerCache(limits);
  cache.put("a", failure, undefined, 0);
  cache.put("a", found("x"), 60, 0);
  const { size } = cache;
  cache.put("a", found("y"), 60, 0);
  assert.equal(cache.size, size);
  assert.deepEqual(cache.get("a", 0), { ...found("y"), ttl: 60 });
});
