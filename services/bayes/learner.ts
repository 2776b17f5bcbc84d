// What the actor makes of lessons.

import { hash } from "node:crypto";
import type { Label, Learner, LearnerPlace, LessonTask, ModelChange } from "../../shared/learning/learner.ts";
import { age } from "./age.ts";
import { automaticLesson } from "./autolearn.ts";
import { configAt } from "./config.ts";
import { experience } from "./doubt.ts";
import { evidenceAhead, isDoubtful, type Own, strengthLeft, strengthOf } from "./evidence.ts";
import { explain } from "./explain.ts";
import { readFeatures, strongest, withStrength, writeFeatures } from "./features.ts";
import { finishHalving } from "./halving.ts";
import { mailTokens, reads } from "./mail-tokens.ts";
import { applyChange, expectChanges, halvingsOf, leftOver, lessonsOf, type Model, openModel, schema } from "./model.ts";
import { modelFile } from "./model-file.ts";
import { ownerName } from "./owner.ts";
import { addressBits } from "./table-size.ts";
import { TokenSet } from "./token-set.ts";

const set = new TokenSet();

function modelAt({ store, log, config }: LearnerPlace): Model | Promise<Model> {
  return openModel({ store, log }, configAt(config).size);
}

function features(task: LessonTask, { config }: LearnerPlace): Uint8Array | null {
  const { enabled, per_user, min_tokens } = configAt(config);
  if (!enabled) return null;
  mailTokens(task, per_user, set);
  if (set.size < min_tokens) return null;
  return writeFeatures({ strength: 0, halvings: 0, tokens: set.tokens.slice(0, set.size).sort() });
}

/** What this model adds for a lesson. */
function strengthAt(model: Model, tokens: Uint32Array, label: Label, again: boolean): number {
  return strengthOf(evidenceAt(model, tokens), label, tokens.length, again);
}

function evidenceAt(model: Model, tokens: Uint32Array, own?: Own): number {
  return evidenceAhead(model.ahead, model.tokens.live.counters, model.bits, tokens, own);
}

/** Whether all other lessons contradict one that added so much. */
function isContradicted(model: Model, tokens: Uint32Array, label: Label, strength: number): boolean {
  const { spam, ham } = lessonsOf(model);
  if (strength === 0 || spam + ham < experience) return false;
  return isDoubtful(evidenceAt(model, tokens, { spam: 0, ham: 0, [label]: strength }), label);
}

export const learner: Learner = {
  reads,
  schema,
  features,
  async begin(place) {
    await finishHalving(await modelAt(place));
  },
  variant: ({ config }) => String(addressBits(configAt(config).size)),
  async weigh(bytes, label, place) {
    const model = await modelAt(place);
    return withStrength(bytes, strengthAt(model, readFeatures(bytes).tokens, label, false), halvingsOf(model));
  },
  async review(bytes, label, place) {
    const model = await modelAt(place);
    const { strength, halvings, tokens } = readFeatures(bytes);
    const now = halvingsOf(model);
    const before = leftOver(model, strength, halvings);
    if (isContradicted(model, tokens, label, before)) {
      const left = strengthLeft(before, tokens.length);
      if (left === before) return null;
      return { kind: "doubt", kept: withStrength(bytes, left, now), change: withStrength(bytes, before - left, now) };
    }
    const more = strengthAt(model, tokens, label, true);
    if (more === 0 || before + more > strongest) return null;
    return { kind: "review", kept: withStrength(bytes, before + more, now), change: withStrength(bytes, more, now) };
  },
  async apply(changes: readonly ModelChange[], place) {
    const model = await modelAt(place);
    await Promise.all(changes.map((change) => applyChange(model, change)));
    if (await age(model, changes.length)) place.log.info("the table of bayes was full: its counters were halved");
  },
  expect: async (changes, place) => expectChanges(await modelAt(place), changes),
  scope(envelope, { config }) {
    const owner = ownerName(envelope, configAt(config).per_user);
    return owner === "" ? "" : hash("sha256", owner).slice(0, 16);
  },
  perUser: (config) => configAt(config).per_user !== "none",
  automatic: (standing, _envelope, config) => automaticLesson(standing, configAt(config)),
  learned: async (place) => lessonsOf(await modelAt(place)),
  explain: async (task, place) => explain(task, configAt(place.config), await modelAt(place)),
  model: modelFile,
};
