import assert from "node:assert/strict";
import { test } from "node:test";
import { spend, withShare } from "./effort.ts";

test("what is spent is gone", () => {
  const effort = { left: 10 };
  assert.equal(spend(effort, 9), true);
  assert.equal(spend(effort, 1), false);
  assert.equal(effort.left, 0);
});

test("shares are even, and what one leaves goes to the next", () => {
  const whole = { left: 90 };
  const shares: number[] = [];
  for (const [at, cost] of [10, 100, 40].entries()) {
    withShare(whole, 3 - at, (share) => {
      shares.push(share.left);
      spend(share, cost);
    });
  }
  // 90 for three; 80 for two, of which the first takes 100 and so 60 from the last.
  assert.deepEqual(shares, [30, 40, 0]);
  assert.equal(whole.left, -60);
});
