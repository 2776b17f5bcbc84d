import assert from "node:assert/strict";
import { test } from "node:test";
import { valueLimit } from "../../../shared/store/limits.ts";
import {
  type HeldLesson,
  mostHeldFeatures,
  noTrials,
  packTrials,
  unpackTrials,
  withHeld,
  withJudgement,
} from "./trials.ts";

function held(at: number, features: number): HeldLesson {
  return { spam: at % 2 === 0, first: 0.5, numbers: Uint32Array.from({ length: features }, (_, i) => i), at };
}

test("trials are one value of the store, also when mails are long", () => {
  let trials = noTrials;
  for (let at = 0; at < 400; at++) {
    trials = withHeld(trials, held(at, 4_300));
    for (const spam of [true, false]) trials = withJudgement(trials, { spam, logit: at / 7 });
  }
  const packed = packTrials(trials);
  assert.ok(packed.length <= valueLimit, `${packed.length} bytes`);
  assert.deepEqual(unpackTrials(packed), trials);
  assert.equal(trials.held.length, Math.floor(mostHeldFeatures / 4_300));
  assert.equal(trials.held.at(-1)?.at, 399);
});

test("of short mails 200 are held back, the latest", () => {
  let trials = noTrials;
  for (let at = 0; at < 300; at++) trials = withHeld(trials, held(at, 30));
  assert.deepEqual([trials.held.length, trials.held[0]?.at], [200, 100]);
});
