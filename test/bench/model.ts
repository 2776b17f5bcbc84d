// `make model`: makes the first model of services/neural from general knowledge (cues.txt, the priors of named features, the
// examples) and the development mail, and says how well it does on groups of mail that it was not made from. Deterministic.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { calibrate } from "../../services/neural/text/calibrate.ts";
import { firstModelPath } from "../../services/neural/text/first-model.ts";
import { encodeModel } from "../../services/neural/text/model-file.ts";
import { readCues } from "./model-cues.ts";
import { logitOf, terms } from "./model-descend.ts";
import { fit } from "./model-fit.ts";
import { readMails, type Sample } from "./model-mails.ts";
import { oneMinusRoca } from "./roca.ts";

const root = resolve(import.meta.dirname, "../..");
const corpus = process.env.SLUICE_CORPUS ?? join(root, ".cache/corpus");
const cues = readCues();
const { samples, examples, excluded } = readMails(corpus, cues);
const knowledge = { cues, excluded, examples };
/** Mail of other places and years is less clear than this: what the model is sure of here is a guess there. */
const modesty = 0.8;

interface Judged {
  readonly sample: Sample;
  readonly logit: number;
}

function judge(made: readonly Sample[], tested: readonly Sample[]): readonly Judged[] {
  const fitted = fit(made, knowledge);
  return tested.map((sample) => ({ sample, logit: logitOf(sample, fitted) }));
}

function logits(judged: readonly Judged[], wanted: (sample: Sample) => boolean): readonly number[] {
  return judged.filter(({ sample }) => wanted(sample)).map(({ logit }) => logit);
}

function print(name: string, judged: readonly Judged[], only?: string): void {
  const ham = logits(judged, ({ spam, group }) => !spam && (only === undefined || group.startsWith(only)));
  const spam = logits(judged, (sample) => sample.spam);
  console.log(
    `${name.padEnd(64)} ${String(ham.length).padStart(5)} ${String(spam.length).padStart(5)} ${oneMinusRoca(ham, spam).toFixed(2).padStart(6)}`,
  );
}

/** Each group of ham, with spam of one folder, is judged by a model that saw neither. */
function acrossGroups(): readonly Judged[] {
  const groups = [...new Set(samples.filter(({ spam }) => !spam).map(({ group }) => group))].sort();
  const all: Judged[] = [];
  for (const [index, group] of groups.entries()) {
    const spam = index % 2 === 0 ? "spam-1" : "spam-2";
    const isTested = (sample: Sample) => sample.group === group || sample.folder === spam;
    const judged = judge(
      samples.filter((sample) => !isTested(sample)),
      samples.filter(isTested),
    );
    print(`ham of ${group} and ${spam}, by all others`, judged);
    all.push(...judged);
  }
  print("all of these together", all);
  print("newsletters, each publisher by a model that saw none of it", all, "letters");
  return all;
}

function acrossTime(): void {
  const early = new Set(["easy-ham-1", "spam-1"]);
  const judged = judge(
    samples.filter(({ folder }) => early.has(folder)),
    samples.filter(({ folder }) => !early.has(folder)),
  );
  print("easy-ham-2, hard-ham-1 and spam-2, by easy-ham-1 and spam-1", judged);
  print("of these, hard-ham-1 alone", judged, "letters");
}

console.log(`${"1-ROCA in per cent".padEnd(64)}   ham  spam`);
print("general knowledge alone", judge([], samples));
print("of this, hard-ham-1 alone", judge([], samples), "letters");
acrossTime();
const all = acrossGroups();
const { slope, shift } = calibrate(
  all.map(({ sample, logit }) => ({ logit, spam: sample.spam })),
  balanced(all),
);
const { bias, weights } = fit(samples, knowledge);
const file = encodeModel({ bias, terms, slope: slope * modesty, shift: shift * modesty, weights });
writeFileSync(firstModelPath, file);
console.log(
  `${weights.size} weights, ${file.length} bytes, bias ${bias.toFixed(2)}, slope ${(slope * modesty).toFixed(2)}, shift ${(shift * modesty).toFixed(2)}`,
);

/** Both sides count alike, and newsletters for a third of the ham. */
function balanced(judged: readonly Judged[]): readonly number[] {
  const side = ({ spam, group }: Sample) => (spam ? "spam" : group.startsWith("letters") ? "letters" : "talk");
  const shares: Readonly<Record<string, number>> = { spam: 1 / 2, letters: 1 / 6, talk: 1 / 3 };
  const counts: Record<string, number> = {};
  for (const { sample } of judged) counts[side(sample)] = (counts[side(sample)] ?? 0) + 1;
  return judged.map(({ sample }) => ((shares[side(sample)] ?? 0) * judged.length) / (counts[side(sample)] ?? 1));
}
