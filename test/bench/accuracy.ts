// `make bench-accuracy`: how well the whole of Sluice tells spam from ham, beside the peers that are installed, on the
// development corpus, without network, in one run. What a mail is judged by has not seen that mail.
//
//   CASES=fresh,taught,noise,later,online    PEERS=rspamd,bogofilter,spamassassin (PEERS=none: Sluice alone)
//   SEEDS=1          several: their mean     TRAIN=2800 TEST=2000   NOISE=0.01
//   EVERY=4          online with one mail in four; 1 is the whole corpus
//   SPAMASSASSIN=all teaches it too          PEERS_SH=path/to/peers.sh

import { bogofilter } from "./accuracy/bogofilter.ts";
import { type Case, caseNames, makeCase } from "./accuracy/cases.ts";
import type { Candidate, Filter } from "./accuracy/filter.ts";
import { readCorpus } from "./accuracy/mails.ts";
import { type Accuracy, accuracy, mean } from "./accuracy/measures.ts";
import { rspamd } from "./accuracy/rspamd.ts";
import { firstModelOf, sluice, spent } from "./accuracy/sluice.ts";
import { spamassassin } from "./accuracy/spamassassin.ts";

const env = (name: string, fallback: string) => process.env[name] || fallback;
const seeds = env("SEEDS", "1").split(",").map(Number);
const wantedCases = env("CASES", caseNames.join(",")).split(",");
const wantedPeers = env("PEERS", "rspamd,bogofilter,spamassassin").split(",");
const sizes = {
  lessons: Number(env("TRAIN", "2800")),
  tests: Number(env("TEST", "2000")),
  every: Number(env("EVERY", "4")),
  noise: Number(env("NOISE", "0.01")),
};
const cases = caseNames.filter((name) => wantedCases.includes(name));
const peers = [rspamd, bogofilter, spamassassin].filter(({ name }) => wantedPeers.includes(name.toLowerCase()));
const mails = readCorpus();
const began = performance.now();

function note(text: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}`);
}

/** Accuracy of each row of the candidate. */
async function run(candidate: Candidate, { name, lessons, tests }: Case): Promise<readonly Accuracy[]> {
  const filter = await candidate.open(name);
  try {
    const scores = lessons === null ? await online(filter, tests) : await batch(filter, lessons, tests);
    return candidate.rows.map((_, row) =>
      accuracy(tests.map(({ spam }, at) => ({ spam, score: scores[at]?.[row] ?? 0 }))),
    );
  } finally {
    await filter.close();
  }
}

async function batch(filter: Filter, lessons: NonNullable<Case["lessons"]>, tests: Case["tests"]) {
  await filter.learn(lessons);
  return filter.judge(tests);
}

async function online(filter: Filter, tests: Case["tests"]) {
  const scores: (readonly number[])[] = [];
  for (const mail of tests) {
    const [score] = await filter.judge([mail]);
    scores.push(score ?? []);
    await filter.learn([{ mail, label: mail.spam ? "spam" : "ham" }]);
  }
  return scores;
}

type Cell = Accuracy | string;

/** A cell for each row and case. */
async function cellsOf(candidate: Candidate): Promise<ReadonlyMap<string, readonly Cell[]>> {
  const cells = new Map<string, Cell[]>(candidate.rows.map((row) => [row, []]));
  const missing = await candidate.missing();
  if (missing !== null) note(`${candidate.name} is left out: ${missing}`);
  for (const name of cases) {
    let reason = missing ?? candidate.leavesOut[name];
    const runs: (readonly Accuracy[])[] = [];
    // What is judged without lessons is the same mail whatever the seed.
    for (const seed of reason === undefined ? (name === "fresh" ? seeds.slice(0, 1) : seeds) : []) {
      try {
        runs.push(await run(candidate, makeCase(name, mails, seed, sizes)));
        note(`${candidate.name}: ${name}, seed ${seed}`);
      } catch (thrown) {
        // What the others did in minutes must not be lost.
        reason = `failed: ${String(thrown)}`;
        note(`${candidate.name}: ${name}, seed ${seed}: ${reason}`);
        break;
      }
    }
    for (const [row, rowName] of candidate.rows.entries()) {
      const all = runs.flatMap((one) => one[row] ?? []);
      cells.get(rowName)?.push(reason ?? mean(all));
    }
  }
  return cells;
}

function print(label: string, cells: readonly Cell[]): void {
  const [reason] = cells;
  if (typeof reason === "string" && cells.every((cell) => cell === reason)) {
    console.log(`${label.padEnd(16)}  left out: ${reason}`);
    return;
  }
  const shown = cells.map((cell) =>
    typeof cell === "string" ? "-" : `${cell.oneRoca.toFixed(3)} ${cell.caught.toFixed(1).padStart(5)}`,
  );
  console.log(`${label.padEnd(16)}${shown.map((text) => text.padStart(16)).join("")}`);
}

const rows = new Map<string, readonly Cell[]>();
const reasons = new Set<string>();
for (const candidate of [sluice, ...peers]) {
  try {
    for (const [row, cells] of await cellsOf(candidate)) {
      rows.set(row, cells);
      for (const [at, cell] of cells.entries()) {
        const isOne = cells.every((other) => other === cell);
        if (typeof cell === "string" && !isOne) reasons.add(`${candidate.name}, ${cases[at]}: ${cell}`);
      }
    }
  } finally {
    await candidate.end();
  }
}

console.log(
  "1-ROCA in per cent (how often a spam scores below a ham), and per cent of the spam caught at 0.1 % of the ham",
);
console.log(`${"".padEnd(16)}${cases.map((name) => name.padStart(16)).join("")}`);
for (const [row, cells] of rows) print(row, cells);
console.log("");
for (const name of cases) {
  const { about } = makeCase(name, mails, seeds[0] ?? 1, sizes);
  const model =
    firstModelOf(name) === "early" ? "is made from easy-ham-1 and spam-1" : "has general knowledge, no mail";
  console.log(
    `${name.padEnd(8)}${about}; seeds ${name === "fresh" ? "-" : seeds.join(" ")}; the first model of text ${model}`,
  );
}
for (const reason of reasons) console.log(reason);
const ms = (part: "bayes" | "text") => (spent[part] / Math.max(1, spent.mails)).toFixed(3);
console.log(`ms a message: bayes ${ms("bayes")}, text ${ms("text")} (${spent.mails} mails)`);
process.exit(0);
