import assert from "node:assert/strict";
import { test } from "node:test";
import { phishingWeight } from "./phishing.ts";

/** What is shown, where it leads, and the weight. */
const weights: readonly (readonly [string, string, number])[] = [
  ["example.org", "example.com", 0],
  ["example.org", "examp1e.org", 1],
  ["example.org", "\u0435xample.org", 1],
  ["abcd.org", "abxy.org", Math.tanh(3 * 0.6)],
  ["abcd.org", "wxyz.org", Math.tanh(3 * 0.1)],
  // Longer by more than it is alike: a distance above 1.
  ["ab.org", "vwxyzvwxyz.org", 0.5],
  ["ab.org", "xn--vwxyzvwxyz.org", 1],
];

for (const [shown, real, weight] of weights) {
  test(`${shown} -> ${real}`, () => {
    assert.ok(Math.abs(phishingWeight(shown, real) - weight) < 1e-9, String(phishingWeight(shown, real)));
  });
}
