import assert from "node:assert/strict";
import { test } from "node:test";
import { pullOf } from "./pull.ts";

test("a surprise teaches more than what was known, and what looks like a mistake less than a surprise", () => {
  assert.equal(pullOf(0, false), 0);
  assert.ok(pullOf(0.1, false) > pullOf(0.01, false));
  assert.ok(pullOf(0.6, false) > pullOf(0.1, false));
  assert.ok(pullOf(0.6, false) > pullOf(0.999, false));
});

test("who insists is heard, who is only looked at again is not", () => {
  assert.ok(pullOf(1, false) > 0.1);
  assert.equal(pullOf(1, true), 0);
  assert.equal(pullOf(0.5, true), pullOf(0.5, false));
});
