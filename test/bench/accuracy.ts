// How well the classifier tells spam from ham on the development corpus: trained on a part, and online, one lesson after
// each verdict.
//
//   node test/bench/accuracy.ts        SEEDS=1,2,3 TRAIN=2800 TEST=2000
//                                      NOISE=0.01 that share of the labels taught is wrong
//                                      ORDER=sorted all ham is taught before all spam

import { openRandom } from "../fuzz/random.ts";
import { accuracy, BenchModel, type CorpusMail, readCorpus, shuffled } from "./accuracy-run.ts";

const { SEEDS = "1,2,3", TRAIN = "2800", TEST = "2000", NOISE = "0", ORDER = "mixed" } = process.env;
const mails = readCorpus();
const tokens = mails.reduce((sum, mail) => sum + mail.tokens.length, 0) / mails.length;
console.log(`${mails.length} mails of ${Math.round(tokens)} tokens`);
const results: Record<string, { oneRoca: number; caught: number }[]> = { batch: [], online: [] };
for (const seed of SEEDS.split(",").map(Number)) {
  const random = openRandom(seed);
  const order = shuffled(mails, random);
  const taught = (mail: CorpusMail) => {
    const wrong = random.below(1_000_000) < Number(NOISE) * 1_000_000;
    return mail.spam === wrong ? "ham" : "spam";
  };
  const batch = new BenchModel(random);
  const lessons = order.slice(0, Number(TRAIN)).map((mail) => ({ mail, label: taught(mail) }) as const);
  if (ORDER === "sorted") lessons.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  for (const { mail, label } of lessons) batch.learn(mail, label);
  const tests = order.slice(Number(TRAIN), Number(TRAIN) + Number(TEST));
  results.batch?.push(accuracy(tests.map((mail) => ({ spam: mail.spam, probability: batch.probability(mail) }))));
  const online = new BenchModel(random);
  const judged = order.map((mail) => {
    const probability = online.probability(mail);
    online.learn(mail, taught(mail));
    return { spam: mail.spam, probability };
  });
  results.online?.push(accuracy(judged));
}
for (const [name, runs] of Object.entries(results)) {
  const mean = (key: "oneRoca" | "caught") => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
  const each = runs.map(({ oneRoca }) => oneRoca.toFixed(3)).join(" ");
  console.log(
    `${name.padEnd(7)} 1-ROCA ${mean("oneRoca").toFixed(4)} % (${each}), caught ${mean("caught").toFixed(2)} % at 0.1 %`,
  );
}
