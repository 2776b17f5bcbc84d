import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../shared/fault.ts";
import { blend, cells, decodeNetwork, encodeNetwork, familiarity, firstShare, learnedOf, quantise } from "./network.ts";
import {
  calibrationOf,
  isWorse,
  noTrials,
  packTrials,
  unpackTrials,
  withHeld,
  withJudgement,
  withoutHeld,
} from "./trials.ts";

function network(weight: number, lessons = { spam: 100, ham: 100 }) {
  const weights = new Float32Array(cells);
  weights[7] = weight;
  return { lessons, slope: 1, shift: 0, ...quantise(weights) };
}

test("a network survives its bytes", () => {
  const before = network(2);
  const after = decodeNetwork(encodeNetwork(before));
  assert.deepEqual(after.lessons, before.lessons);
  assert.ok(Math.abs(learnedOf(after, Uint32Array.of(7)).logit - 2 / Math.SQRT2) < 0.02);
  for (const bytes of [new Uint8Array(2), new Uint8Array(cells + 28)]) {
    assert.throws(
      () => decodeNetwork(bytes),
      (thrown) => thrown instanceof Fault && thrown.code === "bad-input",
    );
  }
});

test("with few lessons of one label the first model has the say, with many both", () => {
  assert.equal(blend(2, 0, { spam: 0, ham: 0 }, 5), 2);
  assert.ok(blend(-2, 6, { spam: 50, ham: 0 }, 5) < 0, "fifty lessons of spam alone do not turn it");
  assert.ok(blend(-2, 6, { spam: 50, ham: 50 }, 5) > 0);
  assert.ok(firstShare({ spam: 1e6, ham: 1e6 }) >= 0.5);
});

test("what was learned of a few features of a mail says little against it", () => {
  const strange = Uint32Array.from({ length: 100 }, (_, at) => 7 + at);
  const against = learnedOf(network(2), strange).logit;
  assert.ok(against > 0);
  assert.ok(-learnedOf(network(-2), strange).logit > 100 * against, "what speaks for it counts in full");
  assert.equal(familiarity(1, 85, 100), 1);
  assert.ok(familiarity(1, 40, 100) < 0.3);
  assert.equal(familiarity(1, 0, 0), 1);
});

test("a network that does worse on lessons that were held back is known for it", () => {
  let trials = noTrials;
  const held = (at: number) => ({ spam: true, first: 0, numbers: Uint32Array.of(7), at });
  for (let at = 0; at < 10; at++) trials = withHeld(trials, held(at));
  assert.equal(isWorse(network(-5), network(5), trials, 5), false, "ten are too few to tell");
  for (let at = 10; at < 40; at++) trials = withHeld(trials, held(at));
  assert.equal(isWorse(network(-5), network(5), trials, 5), true);
  assert.equal(isWorse(network(5), network(-5), trials, 5), false);
  assert.equal(isWorse(network(-5, { spam: 5_000, ham: 5_000 }), network(5), trials, 5), false, "they are too old");
  assert.equal(withoutHeld(trials, Uint32Array.of(7)).held.length, 0);
  assert.equal(withoutHeld(trials, Uint32Array.of(8)).held.length, 40);
});

test("calibration waits for judgements of both labels", () => {
  const before = { slope: 0.8, shift: 0 };
  let trials = noTrials;
  for (let i = 0; i < 100; i++) trials = withJudgement(trials, { spam: true, logit: -1 });
  assert.equal(calibrationOf(trials, before, { spam: 100, ham: 0 }), before, "of one label nothing can be said");
  for (let i = 0; i < 600; i++) trials = withJudgement(trials, { spam: i % 2 === 0, logit: i % 2 === 0 ? 1 : -1 });
  assert.equal(trials.judged.length, 500);
  assert.ok(calibrationOf(trials, before, { spam: 400, ham: 300 }).slope > 1);
  // All ham first, then all spam.
  let inOrder = noTrials;
  for (let i = 0; i < 2_000; i++) {
    inOrder = withJudgement(inOrder, { spam: i >= 1_000, logit: (i >= 1_000 ? 1 : -1) * (i % 4 === 0 ? -3 : 3) });
  }
  assert.equal(inOrder.judged.length, 500);
  const { slope } = calibrationOf(inOrder, before, { spam: 1_000, ham: 1_000 });
  assert.ok(slope < 0.6, `one in four is wrong, and the slope is ${slope}`);
});

test("trials survive their bytes", () => {
  const trials = withJudgement(withHeld(noTrials, { spam: false, first: 1.5, numbers: Uint32Array.of(1, 9), at: 3 }), {
    spam: true,
    logit: 0.25,
  });
  assert.deepEqual(unpackTrials(packTrials(trials)), trials);
});
