// What the actor makes of lessons: each teaches the text network, and, when the mail was scanned here, those over its symbols.

import type { AutomaticLesson, Learner, LearnerPlace, LessonTask } from "../../shared/learning/learner.ts";
import type { Standing } from "../../shared/task.ts";
import { configAt, profilesOf } from "./config.ts";
import { mailName } from "./mail-name.ts";
import { modelFile } from "./model-bytes.ts";
import { openPublished } from "./published.ts";
import { openSchool } from "./school.ts";
import { rememberLessons, trainDue } from "./symbols/school.ts";
import { lessonsOf } from "./tables.ts";
import { explain } from "./text/explain.ts";
import { type FeatureFacts, featureFacts, schema } from "./text/features.ts";
import { readMail } from "./text/judge.ts";
import { numbersOf, writeLesson } from "./text/lesson.ts";

/** Lessons of the other label that there must be for each automatic one. */
const balance = 0.5;

function isWhole(task: LessonTask): task is LessonTask & FeatureFacts {
  return featureFacts.every((fact) => task[fact] !== undefined);
}

/** Neither a header nor a text: what a program hands over that lost the mail. */
function isNothing({ headers, text }: FeatureFacts): boolean {
  return headers.fields.length === 0 && text.every((one) => one.text.trim() === "");
}

function features(task: LessonTask, { config }: LearnerPlace): Uint8Array | null {
  if (!configAt(config).enabled || !isWhole(task) || isNothing(task)) return null;
  const { first, hashes } = readMail(task);
  return writeLesson({
    step: 0,
    held: false,
    first,
    name: Buffer.from(mailName(task), "hex"),
    numbers: numbersOf(hashes),
  });
}

function minLearns({ config }: LearnerPlace): number {
  return configAt(config).text.min_learns;
}

export const learner: Learner = {
  reads: featureFacts,
  schema,
  features,
  async begin({ store, log }) {
    const school = await openSchool(store, log);
    await school.begin();
  },
  async weigh(bytes, label, place) {
    const school = await openSchool(place.store, place.log);
    return school.weigh(bytes, label, minLearns(place));
  },
  async review(kept, label, place) {
    const school = await openSchool(place.store, place.log);
    return school.review(kept, label);
  },
  async expect(changes, place) {
    const school = await openSchool(place.store, place.log);
    return school.expect(changes);
  },
  async apply(changes, place) {
    const { store, log } = place;
    const school = await openSchool(store, log);
    await Promise.all([
      school.apply(changes).then(() => school.publish(minLearns(place))),
      rememberLessons(changes, { store, config: configAt(place.config) }),
    ]);
  },
  async train({ store, log, config }) {
    await trainDue({ store, log, published: await openPublished({ store, log }), config: configAt(config) });
  },
  automatic: (standing, _envelope, config) => automaticLesson(standing, config),
  learned: async ({ store, log }) => lessonsOf((await openPublished({ store, log })).counts),
  async explain(task, place) {
    if (!isWhole(task)) return { probability: null, marks: [], note: "the mail was not analysed" };
    const { text } = await openPublished(place);
    return explain(task, text, minLearns(place));
  },
  model: modelFile,
};

/** A verdict that is clear without what this actor itself said of the mail. */
function automaticLesson(standing: () => Standing, config: LearnerPlace["config"]): AutomaticLesson | null {
  const neural = configAt(config);
  const { autotrain, spam_score, ham_score, daily_cap } = neural.train;
  if (!neural.enabled || !autotrain) return null;
  const own = new Set(profilesOf(neural).flatMap(({ symbolSpam, symbolHam }) => [symbolSpam, symbolHam]));
  const { required, action, symbols, ...total } = standing();
  let { score } = total;
  for (const { name, score: points } of symbols) {
    if (own.has(name) || name === "TEXT_SPAM" || name === "TEXT_HAM") score -= points;
  }
  const limits = { dailyCap: daily_cap, balance };
  if (score >= (spam_score ?? required)) return { label: "spam", ...limits };
  return score <= ham_score && action === "no action" ? { label: "ham", ...limits } : null;
}
