// How well the classifier tells spam from ham on the development corpus: trained on a part, and online, one lesson after
// each verdict. With its own tokens, evidence and strengths, on counters in memory; reviews as shared/learning/study.ts
// does them.
//
//   node test/bench/accuracy.ts        SEEDS=1,2,3 TRAIN=2800 TEST=2000
//                                      NOISE=0.01 that share of the labels taught is wrong
//                                      ORDER=sorted all ham is taught before all spam
//
// 1-ROCA: how often a spam is judged more harmless than a ham, of all pairs of one of each, in percent.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { evidenceOf, probabilityOf, strengthOf } from "../../services/bayes/evidence.ts";
import { mailTokens } from "../../services/bayes/mail-tokens.ts";
import { TokenSet, tokenBits } from "../../services/bayes/token-set.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { openRandom, type Random } from "../fuzz/random.ts";

/** Bits of a token's number in a table of 16 MB. */
const bits = 22;
/** Lessons of the other label that are looked at again beside each. */
const reviews = 2;

interface Mail {
  readonly spam: boolean;
  readonly tokens: Uint32Array;
}

interface Judged {
  readonly spam: boolean;
  readonly probability: number;
}

function readCorpus(): Mail[] {
  const root = resolve(import.meta.dirname, "../../.cache/corpus");
  const set = new TokenSet();
  const mails: Mail[] = [];
  let bytes = 0;
  let spent = 0;
  for (const folder of ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"]) {
    for (const file of readdirSync(join(root, folder)).sort()) {
      const raw = readFileSync(join(root, folder, file));
      const facts = analyse(raw);
      const started = performance.now();
      mailTokens({ envelope: { rcpts: [] }, ...facts }, "none", set);
      spent += performance.now() - started;
      bytes += raw.length;
      mails.push({ spam: folder.startsWith("spam"), tokens: set.tokens.slice(0, set.size) });
    }
  }
  const tokens = mails.reduce((sum, mail) => sum + mail.tokens.length, 0) / mails.length;
  const each = (spent / mails.length).toFixed(3);
  console.log(
    `${mails.length} mails of ${Math.round(bytes / mails.length)} bytes, ${Math.round(tokens)} tokens, ${each} ms`,
  );
  return mails;
}

/** The model of one run: as services/bayes/model.ts has it in the store. */
class Model {
  readonly #counters = new Uint16Array(2 ** (bits + 1));
  readonly #learned: Record<"spam" | "ham", Mail[]> = { spam: [], ham: [] };
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  probability({ tokens }: Mail): number {
    const { spam, ham } = this.#learned;
    return probabilityOf(evidenceOf(this.#counters, bits, tokens, tokens.length), spam.length + ham.length);
  }

  learn(mail: Mail, label: "spam" | "ham"): void {
    this.#add(mail, label);
    this.#learned[label].push(mail);
    const other = label === "spam" ? "ham" : "spam";
    const before = this.#learned[other];
    for (let i = 0; i < reviews && before.length > 0; i++) this.#add(this.#random.pick(before), other);
  }

  #add({ tokens }: Mail, label: "spam" | "ham"): void {
    const strength = strengthOf(evidenceOf(this.#counters, bits, tokens, tokens.length), label, tokens.length);
    const side = label === "spam" ? 0 : 1;
    for (const token of tokens) {
      const cell = (token >>> (tokenBits - bits)) * 2 + side;
      this.#counters[cell] = Math.min(65_535, (this.#counters[cell] ?? 0) + strength);
    }
  }
}

function shuffled(mails: readonly Mail[], random: Random): Mail[] {
  const order = [...mails];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [one, other] = [order[i], order[j]];
    if (one && other) [order[i], order[j]] = [other, one];
  }
  return order;
}

/** 1-ROCA in percent, and the share of spam found when one ham in a thousand may be taken for spam. */
function accuracy(judged: readonly Judged[]) {
  const order = [...judged].sort((a, b) => b.probability - a.probability);
  const spams = judged.filter(({ spam }) => spam).length;
  const hams = judged.length - spams;
  let area = 0;
  let found = 0;
  let mistaken = 0;
  let caught = 0;
  for (let at = 0; at < order.length; ) {
    const { probability } = order[at] ?? { probability: 0 };
    let [spam, ham] = [0, 0];
    for (; order[at]?.probability === probability; at++)
      if (order[at]?.spam) spam++;
      else ham++;
    area += ham * (found + spam / 2);
    found += spam;
    mistaken += ham;
    if (mistaken <= hams / 1000) caught = found / spams;
  }
  return { oneRoca: 100 * (1 - area / spams / hams), caught: 100 * caught };
}

const { SEEDS = "1,2,3", TRAIN = "2800", TEST = "2000", NOISE = "0", ORDER = "mixed" } = process.env;
const mails = readCorpus();
const results: Record<string, { oneRoca: number; caught: number }[]> = { batch: [], online: [] };
for (const seed of SEEDS.split(",").map(Number)) {
  const random = openRandom(seed);
  const order = shuffled(mails, random);
  const taught = (mail: Mail) => {
    const wrong = random.below(1_000_000) < Number(NOISE) * 1_000_000;
    return mail.spam === wrong ? "ham" : "spam";
  };
  const batch = new Model(random);
  const lessons = order.slice(0, Number(TRAIN)).map((mail) => ({ mail, label: taught(mail) }) as const);
  if (ORDER === "sorted") lessons.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0));
  for (const { mail, label } of lessons) batch.learn(mail, label);
  const tests = order.slice(Number(TRAIN), Number(TRAIN) + Number(TEST));
  results.batch?.push(accuracy(tests.map((mail) => ({ spam: mail.spam, probability: batch.probability(mail) }))));
  const online = new Model(random);
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
