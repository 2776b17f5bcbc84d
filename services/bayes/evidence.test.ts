import assert from "node:assert/strict";
import { test } from "node:test";
import type { Label } from "../../shared/learning/learner.ts";
import { evidenceOf, probabilityOf, shareOf, strengthOf } from "./evidence.ts";

const bits = 10;
const shift = 25 - bits;

/** Token numbers from small ones. */
function tokens(...numbers: number[]): Uint32Array {
  return Uint32Array.from(numbers, (number) => number << shift);
}

class Counters {
  readonly counters = new Uint16Array(2 ** (bits + 1));

  evidence(mail: Uint32Array): number {
    return evidenceOf(this.counters, bits, mail, mail.length);
  }

  learn(mail: Uint32Array, label: Label): number {
    const strength = strengthOf(this.evidence(mail), label, mail.length);
    this.add(mail, label, strength);
    return strength;
  }

  add(mail: Uint32Array, label: Label, strength: number): void {
    for (const token of mail) {
      const cell = (token >>> shift) * 2 + (label === "spam" ? 0 : 1);
      this.counters[cell] = (this.counters[cell] ?? 0) + strength;
    }
  }
}

test("what nobody taught says nothing", () => {
  assert.equal(new Counters().evidence(tokens(1, 2, 3)), 0);
  assert.equal(probabilityOf(0, 1000), 0.5);
});

test("lessons pull to their side, and the opposite of a lesson takes it back exactly", () => {
  const model = new Counters();
  const [spam, ham] = [tokens(1, 2, 3, 4), tokens(5, 6, 7, 8)];
  const strength = model.learn(spam, "spam");
  model.learn(ham, "ham");
  assert.ok(model.evidence(spam) > 1 && model.evidence(ham) < -1);
  const before = [...model.counters];
  const again = strengthOf(model.evidence(spam), "ham", spam.length);
  model.add(spam, "ham", again);
  model.add(spam, "ham", -again);
  assert.deepEqual([...model.counters], before);
  assert.ok(strength > 0);
});

test("a lesson that the model agrees with adds nothing, one that it denies adds something", () => {
  assert.equal(strengthOf(8, "spam", 100), 0);
  assert.ok(strengthOf(0, "spam", 100) > strengthOf(2, "spam", 100));
  assert.ok(strengthOf(-50, "spam", 100) > 0);
  assert.ok(strengthOf(-50, "spam", 100) < strengthOf(0, "spam", 100), "it may be a mistake");
  assert.equal(strengthOf(-50, "spam", 100, true), 0, "which is not repeated");
});

test("said twice that a verdict is wrong, it changes", () => {
  const model = new Counters();
  const mail = tokens(1, 2, 3, 4, 5, 6, 7, 8);
  for (let i = 0; i < 5; i++) model.learn(mail, "ham");
  assert.ok(model.evidence(mail) < 0);
  for (let i = 0; i < 2; i++) model.learn(mail, "spam");
  assert.ok(model.evidence(mail) > 0);
});

test("probabilities lie between 0 and 1, and a young model is less bold", () => {
  for (const evidence of [-1e6, -5, 0, 5, 1e6]) {
    const probability = probabilityOf(evidence, 500);
    assert.ok(probability >= 0 && probability <= 1);
  }
  assert.ok(probabilityOf(3, 10) < probabilityOf(3, 1000));
  assert.equal(probabilityOf(3, 0), 0.5);
});

test("the shares of the tokens are the evidence", () => {
  const model = new Counters();
  model.learn(tokens(1, 2, 3), "spam");
  model.learn(tokens(3, 4), "ham");
  const mail = tokens(1, 2, 3, 4, 5);
  const shares = [...mail].map((token) => shareOf(model.counters, bits, token, mail.length));
  const sum = shares.reduce((total, share) => total + share, 0);
  assert.ok(Math.abs(sum - model.evidence(mail)) < 1e-9);
});
