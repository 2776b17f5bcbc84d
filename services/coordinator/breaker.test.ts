import assert from "node:assert/strict";
import { test } from "node:test";
import { Breaker } from "./breaker.ts";

const limits = { failures: 3, window: 1000, pause: 5000 };
const fail = (breaker: Breaker, ...times: readonly number[]) => times.map((time) => breaker.failed("A", time));

test("opens at the third failure in the window, for the pause", () => {
  const breaker = new Breaker(() => limits);
  assert.deepEqual(fail(breaker, 0, 10), [false, false]);
  assert.equal(breaker.allows("A", 20), true);
  assert.deepEqual(fail(breaker, 30), [true]);
  assert.equal(breaker.allows("A", 40), false);
  assert.equal(breaker.allows("B", 40), true);
});

test("failures that are far apart do not add up", () => {
  const breaker = new Breaker(() => limits);
  assert.deepEqual(fail(breaker, 0, 10, 2000, 2010), [false, false, false, false]);
  assert.equal(breaker.allows("A", 2020), true);
});

test("a success in between starts over", () => {
  const breaker = new Breaker(() => limits);
  fail(breaker, 0, 10);
  breaker.succeeded("A");
  assert.deepEqual(fail(breaker, 20, 30), [false, false]);
});

test("after the pause one try, whose answer decides", () => {
  const breaker = new Breaker(() => limits);
  fail(breaker, 0, 1, 2);
  assert.equal(breaker.allows("A", 5100), true);
  assert.equal(breaker.allows("A", 5100), false, "only one");
  breaker.failed("A", 6000);
  assert.equal(breaker.allows("A", 6100), false, "another pause");
  assert.equal(breaker.allows("A", 11_100), true);
  breaker.succeeded("A");
  assert.equal(breaker.allows("A", 11_200), true);
  assert.equal(breaker.quiet, true);
});

test("answers that come in late while it is open do not lengthen the pause", () => {
  const breaker = new Breaker(() => limits);
  fail(breaker, 0, 1, 2, 1000, 4000);
  assert.equal(breaker.allows("A", 5003), true);
});

test("a try that says nothing leaves the next one free", () => {
  const breaker = new Breaker(() => limits);
  fail(breaker, 0, 1, 2);
  assert.equal(breaker.allows("A", 5100), true);
  breaker.abandoned("A");
  assert.equal(breaker.allows("A", 5200), true);
});
