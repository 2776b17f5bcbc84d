import assert from "node:assert/strict";
import { test } from "node:test";
import { leftOf } from "./doubt.ts";

test("a mistake loses half each time, and never what a surprise would be worth by half", () => {
  const whole = 1000;
  assert.equal(leftOf(800, whole), 400);
  assert.equal(leftOf(101, whole), 75);
  assert.equal(leftOf(75, whole), 75);
  assert.equal(leftOf(20, whole), 20, "it never adds");
  assert.equal(leftOf(1, 1), 1);
});
