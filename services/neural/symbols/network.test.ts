import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../shared/fault.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { probabilityOf } from "../text/calibrate.ts";
import { decodeSymbols, encodeSymbols, type SymbolNetwork, symbolLogit } from "./network.ts";
import { lossOf, trainSymbols } from "./train.ts";
import { inputs, makeVector, readVector } from "./vector.ts";

const facts = analyse(Buffer.from("From: a@x.example\r\nSubject: x\r\n\r\ntext"));
const none: ReadonlySet<string> = new Set();

function vector(symbols: Readonly<Record<string, number>>, own = none): Uint8Array {
  const raised = Object.entries(symbols).map(([name, score]) => ({ name, score }));
  return makeVector({ ...facts, standing: { score: 0, required: 15, action: "no action", symbols: raised } }, own);
}

/** Spam has SPAM_A and SPAM_B together, or neither: no single symbol says it. */
function lessons(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [(i & 1) === 1, (i & 2) === 2];
    const noise = { [`NOISE_${i % 7}`]: (i % 5) - 2 };
    const symbols = { ...noise, ...(a ? { SPAM_A: 1.5 } : {}), ...(b ? { SPAM_B: 2 } : {}) };
    return { spam: a === b, vector: vector(symbols) };
  });
}

const options = { iterations: 25, rate: 0.01 };

function trained(count = 400): SymbolNetwork {
  return trainSymbols(lessons(count), null, options) ?? assert.fail("it learned nothing");
}

test("a network learns what only two symbols together say, and its probabilities mean it", () => {
  const network = trained();
  const says = (symbols: Readonly<Record<string, number>>) => {
    return probabilityOf(network.slope * symbolLogit(network, vector(symbols)) + network.shift);
  };
  assert.ok(says({ SPAM_A: 1.5, SPAM_B: 2 }) > 0.9);
  assert.ok(says({ SPAM_A: 1.5 }) < 0.1);
  assert.ok(says({ SPAM_B: 2 }) < 0.1);
  assert.ok(says({}) > 0.9);
});

test("a rule that was added since does not make a trained network useless", () => {
  const network = trained();
  const before = symbolLogit(network, vector({ SPAM_A: 1.5, SPAM_B: 2 }));
  assert.equal(symbolLogit(network, vector({ SPAM_A: 1.5, SPAM_B: 2, A_NEW_RULE: 4 })), before);
});

test("the same lessons always make the same network, and it survives its bytes", () => {
  const [one, other] = [encodeSymbols(trained()), encodeSymbols(trained())];
  assert.deepEqual(one, other);
  const network = decodeSymbols(one);
  assert.equal(symbolLogit(network, vector({ SPAM_A: 1.5 })), symbolLogit(trained(), vector({ SPAM_A: 1.5 })));
  for (const bytes of [new Uint8Array(3), one.subarray(0, one.length - 1)]) {
    assert.throws(
      () => decodeSymbols(bytes),
      (thrown) => thrown instanceof Fault && thrown.code === "bad-input",
    );
  }
});

test("what learned nothing, or less than the one before, is not published", () => {
  const random = lessons(200).map((lesson, i) => ({ ...lesson, spam: (i * 7_919) % 200 < 100 }));
  assert.equal(trainSymbols(random, null, options), null);
  const good = encodeSymbols(trained());
  const poor = { iterations: 1, rate: 0.0001 };
  assert.equal(trainSymbols(lessons(400), good, poor), null);
  assert.ok(lossOf(trained(), lessons(50)) < 0.2);
});

test("networks do not see what they said themselves", () => {
  const own = new Set(["NEURAL_SPAM"]);
  assert.deepEqual(vector({ NEURAL_SPAM: 2, A: 1 }, own), vector({ A: 1 }, own));
});

test("a symbol without a score is an input, and bytes of garbage have inputs that exist", () => {
  assert.ok(vector({ INFO: 0 }).length > vector({}).length);
  const { numbers, values } = readVector(Uint8Array.from({ length: 100 }, () => 0xff));
  assert.equal(numbers.length, 33);
  assert.ok(numbers.every((number) => number < inputs) && values.every(Number.isFinite));
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`S_${i}`, 1]));
  assert.ok(vector(many).length <= 900);
});
