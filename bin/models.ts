// What `sluice model` does with the models of the actors that learn, in the store, while the filter may be running.

import type { Actor } from "../shared/actor.ts";
import { Fault, toFault } from "../shared/fault.ts";
import { learnerPlace } from "../shared/learning/hosting.ts";
import type { Label, Learner, LearnerPlace, ModelKeeper } from "../shared/learning/learner.ts";
import { lessonJobs } from "../shared/learning/lesson.ts";
import { finishReplacement, prepareReplacement, type Replacement } from "../shared/learning/replacement.ts";
import { restFromLearning } from "../shared/learning/rest.ts";
import type { Queue } from "../shared/queue/queue.ts";
import type { System } from "../shared/role.ts";
import type { SavedModel } from "./model-file.ts";

export interface Keepers extends Pick<System, "config" | "log" | "store"> {
  readonly queue: Queue;
  readonly learners: readonly (Actor & { readonly learner: Learner })[];
}

export interface Standing extends Readonly<Record<Label, number>> {
  readonly name: string;
  readonly schema: number;
  /** Lessons that are to be learned yet. */
  readonly waiting: number;
  /** Lessons that could not be learned. */
  readonly dead: number;
}

interface Kept {
  readonly name: string;
  readonly learner: Learner;
  readonly model: ModelKeeper;
  readonly place: LearnerPlace;
}

function keptBy(keepers: Keepers): readonly Kept[] {
  return keepers.learners.flatMap((actor) => {
    const { name, learner } = actor;
    return learner.model === undefined
      ? []
      : [{ name, learner, model: learner.model, place: learnerPlace(actor, keepers) }];
  });
}

export async function standings(keepers: Keepers): Promise<readonly Standing[]> {
  return Promise.all(
    keepers.learners.map(async (actor) => {
      const { name, learner } = actor;
      const { spam = 0, ham = 0 } = (await learner.learned?.(learnerPlace(actor, keepers))) ?? {};
      const { waiting, delayed, atWork, dead } = await keepers.queue.count(lessonJobs(name));
      return { name, schema: learner.schema, spam, ham, waiting: waiting + delayed + atWork, dead };
    }),
  );
}

export function exportModels(keepers: Keepers): Promise<readonly SavedModel[]> {
  const kept = keptBy(keepers);
  // A model is several tables: a lesson between two reads would be in one of them only.
  return atRest(keepers, kept, async () => {
    const models: SavedModel[] = [];
    for (const { name, learner, model, place } of kept) {
      models.push({ name, schema: learner.schema, bytes: await model.read(place) });
    }
    return models;
  });
}

/** Puts all of these in the place of what is there, or none: faults with `bad-input` when one does not fit. */
export async function importModels(keepers: Keepers, models: readonly SavedModel[]): Promise<void> {
  const kept = keptBy(keepers);
  const chosen = models.map((saved) => {
    const found = kept.find(({ name }) => name === saved.name);
    if (found === undefined) throw bad(saved.name, "there is no such classifier here; --only chooses others");
    if (found.learner.schema !== saved.schema) {
      throw bad(saved.name, `it is of schema ${saved.schema}, this Sluice has ${found.learner.schema}`);
    }
    return { ...found, bytes: saved.bytes };
  });
  for (const { name, model, place, bytes } of chosen) {
    try {
      await model.check(bytes, place);
    } catch (thrown) {
      throw bad(name, toFault(thrown).message);
    }
  }
  await replace(keepers, chosen);
}

/** Forgets everything; answers with the names of those that did. */
export async function resetModels(keepers: Keepers): Promise<readonly Pick<Kept, "name">[]> {
  const kept = keptBy(keepers);
  await replace(
    keepers,
    kept.map((one) => ({ ...one, bytes: null })),
  );
  return kept;
}

async function replace(keepers: Keepers, replacements: readonly (Kept & Replacement)[]): Promise<void> {
  await atRest(keepers, replacements, async () => {
    await prepareReplacement(keepers.store, replacements);
    // From here on it happens: what is left undone by a crash is done by whoever learns next.
    for (const { name, learner, place } of replacements) await finishReplacement(name, learner, place);
  });
}

function atRest<Result>({ store, log }: Keepers, kept: readonly Kept[], work: () => Promise<Result>): Promise<Result> {
  return restFromLearning({ store, log, actors: kept.map(({ name }) => name) }, work);
}

function bad(name: string, why: string): Fault {
  return new Fault("bad-input", `the model of ${name} does not fit: ${why}. Nothing was changed.`);
}
