// First models for services/neural/text that have not seen the mail which is judged: the one that ships is made from it.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { calibrate } from "../../../services/neural/text/calibrate.ts";
import { type FirstModel, firstModel } from "../../../services/neural/text/first-model.ts";
import { decodeModel, encodeModel } from "../../../services/neural/text/model-file.ts";
import { readCues } from "../model-cues.ts";
import { logitOf, terms } from "../model-descend.ts";
import { fit } from "../model-fit.ts";
import { readMails, type Sample } from "../model-mails.ts";
import { corpus } from "./mails.ts";

/** `general`: cues and marks that people wrote down, no mail. `early`: and the mail of the first two folders. */
export type FirstModelName = "general" | "early";

/** As `make model` has it: what the model is sure of here is a guess elsewhere. */
const modesty = 0.8;
const early = ["easy-ham-1", "spam-1"];

let known: Readonly<Record<FirstModelName, FirstModel>> | undefined;

/** Both, made once for each state of what goes into them. */
export function firstModels(): Readonly<Record<FirstModelName, FirstModel>> {
  known ??= readOrMake();
  return known;
}

function readOrMake(): Readonly<Record<FirstModelName, FirstModel>> {
  const folder = resolve(import.meta.dirname, "../../../.cache/accuracy", sourceHash());
  const paths = { general: join(folder, "general.bin"), early: join(folder, "early.bin") };
  if (!existsSync(paths.early)) {
    const { general, early } = makeFirstModels();
    mkdirSync(folder, { recursive: true });
    writeFileSync(paths.general, general);
    writeFileSync(paths.early, early);
  }
  return { general: decodeModel(readFileSync(paths.general)), early: decodeModel(readFileSync(paths.early)) };
}

/** Of all source files that a model depends on. */
function sourceHash(): string {
  const bench = resolve(import.meta.dirname, "..");
  const sources = ["../../services/neural/text", "../../shared/message", ".", "accuracy"].flatMap((folder) =>
    readdirSync(join(bench, folder), { withFileTypes: true, recursive: folder.startsWith("../..") })
      .filter((entry) => entry.isFile() && !entry.name.includes(".test.") && !entry.name.endsWith(".bin"))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(bench) || path.includes("/model") || path.includes("first-models")),
  );
  const hash = createHash("sha256");
  for (const path of sources.sort()) hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

function makeFirstModels(): Readonly<Record<FirstModelName, Uint8Array>> {
  const cues = readCues();
  const { samples, examples, excluded } = readMails(corpus, cues);
  const knowledge = { cues, excluded, examples };
  const seen = samples.filter(({ folder }) => early.includes(folder));
  const make = (from: readonly Sample[], slope: number, shift: number) => {
    const { bias, weights } = fit(from, knowledge);
    return encodeModel({ bias, terms, slope: slope * modesty, shift: shift * modesty, weights });
  };
  // Calibrated between groups of the mail that it is made from, as `make model` does it.
  const groups = [...new Set(seen.filter(({ spam }) => !spam).map(({ group }) => group))].sort();
  const spams = seen.filter(({ spam }) => spam);
  const judged = groups.flatMap((group, at) => {
    const isTested = (sample: Sample) =>
      sample.spam ? Math.floor((spams.indexOf(sample) * groups.length) / spams.length) === at : sample.group === group;
    const fitted = fit(
      seen.filter((sample) => !isTested(sample)),
      knowledge,
    );
    return seen.filter(isTested).map((sample) => ({ logit: logitOf(sample, fitted), spam: sample.spam }));
  });
  const share = judged.length / 2;
  const spam = judged.filter((one) => one.spam).length;
  const { slope, shift } = calibrate(
    judged,
    judged.map((one) => share / (one.spam ? spam : judged.length - spam)),
  );
  return { general: make([], 1, 0), early: make(seen, slope, shift) };
}

/** Has this process judge by another first model than the one that ships. */
export function useFirstModel(model: FirstModel): void {
  Object.assign(firstModel(), model);
}
