import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { calibrated } from "./calibrate.ts";
import { explain } from "./explain.ts";
import { firstCalibration, judgeText, readMail } from "./judge.ts";
import { numbersOf } from "./lesson.ts";
import { cells, quantise } from "./network.ts";

const facts = analyse(
  Buffer.from("From: A <a@x.example>\r\nSubject: cheap meds\r\n\r\nBuy viagra, no prescription needed. Roses are red."),
);

test("words and marks that decided have names, the heaviest first", () => {
  const { probability, marks } = explain(facts, null, 5);
  assert.ok(probability !== null && probability > 0.5);
  const names = marks.map(({ mark }) => mark);
  for (const name of ["viagra", "no prescription needed"]) assert.ok(names.includes(name), `${name} in ${names}`);
  const sizes = marks.map(({ weight }) => Math.abs(weight));
  assert.deepEqual(
    sizes,
    [...sizes].sort((a, b) => b - a),
  );
});

test("what is explained is what was judged", () => {
  const odds = judgeText(facts, null, 5);
  const { probability } = explain(facts, null, 5);
  assert.ok(Math.abs((probability ?? 0) - 1 / (1 + Math.exp(-odds))) < 1e-6);
  const { marks } = explain(facts, null, 5);
  assert.ok(marks.length < 30, "all of them are shown");
  const { slope } = firstCalibration();
  const sum = marks.reduce((total, { weight }) => total + weight, 0);
  // All but bias and shift.
  const rest = odds - sum - calibrated(firstCalibration(), 0);
  assert.ok(Math.abs(rest) < 1.5 * slope, `${rest} is left`);
});

test("what was learned here counts in it", () => {
  const numbers = numbersOf(readMail(facts).hashes);
  const weights = new Float32Array(cells);
  for (const number of numbers) weights[number] = -3;
  const network = { lessons: { spam: 100, ham: 100 }, slope: 1, shift: 0, ...quantise(weights) };
  assert.ok((explain(facts, network, 5).probability ?? 1) < 0.5);
  assert.ok(judgeText(facts, network, 5) < 0);
});
