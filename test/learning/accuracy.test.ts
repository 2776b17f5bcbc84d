// Bayes alone on a third of the development corpus. test/bench/accuracy.ts measures the whole of Sluice.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { shuffled } from "../bench/accuracy/mails.ts";
import { accuracy } from "../bench/accuracy/measures.ts";
import { BenchModel, type CorpusMail, readCorpus } from "../bench/accuracy-run.ts";
import { openRandom } from "../fuzz/random.ts";

let mails: readonly CorpusMail[];
before(() => {
  mails = readCorpus(3);
});

const label = ({ spam }: CorpusMail) => (spam ? "spam" : "ham");

/** Teaches a thousand mails in an order, and judges the others. */
function judge(seed: number, order: (lessons: CorpusMail[]) => readonly CorpusMail[]) {
  const random = openRandom(seed);
  const all = shuffled(mails, random);
  const model = new BenchModel(random);
  for (const mail of order(all.slice(0, 1000))) model.learn(mail, label(mail));
  return accuracy(all.slice(1000).map((mail) => ({ spam: mail.spam, score: model.probability(mail) })));
}

test("after a thousand lessons it tells nearly all", () => {
  const { oneRoca, caught } = judge(1, (lessons) => lessons);
  assert.ok(oneRoca < 0.3, `1-ROCA ${oneRoca} %`);
  assert.ok(caught > 75, `caught ${caught} %`);
});

test("it makes little difference whether ham is taught before spam, or spam before ham", () => {
  for (const first of ["ham", "spam"]) {
    const sorted = (lessons: CorpusMail[]) =>
      lessons.sort((a, b) => Number(label(b) === first) - Number(label(a) === first));
    const { oneRoca } = judge(2, sorted);
    assert.ok(oneRoca < 0.6, `${first} first: 1-ROCA ${oneRoca} %`);
  }
});
