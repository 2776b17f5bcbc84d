// Learns the lessons that wait on the queue: ledger, model, ledger. Doing one again does no harm. One process at a time
// does this for an actor: how much a lesson teaches depends on the model, which the lessons before it have changed.

import { hash } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Queue, Working } from "../queue/queue.ts";
import { leads } from "./balance.ts";
import type { Label, Learner, LearnerPlace } from "./learner.ts";
import { holdLease, studyLease } from "./lease.ts";
import {
  type Entry,
  entryKey,
  heldLabel,
  judge,
  modelLife,
  readEntry,
  reviewed,
  unscopedDigest,
  writeEntry,
} from "./ledger.ts";
import { type LessonJob, lessonJobs } from "./lesson.ts";
import { finishReplacement } from "./replacement.ts";
import type { Turns } from "./turns.ts";

export interface Study {
  readonly actor: string;
  readonly learner: Learner;
  readonly place: LearnerPlace;
  /** Lessons on one mail come one after the other, and so do decisions. */
  readonly turns: Turns;
  /** ms that the ledger remembers a lesson. */
  remember(): number;
  /** ms since 1970. */
  readonly now?: () => number;
}

/** Lessons at work at once: their commits are one. Many more of them would learn from a model that is too old. */
const slots = 64;
/** ms for one lesson. */
const patience = 60_000;
/** A lesson is tried for days before it is put with the dead: a server that is away for a night loses none. */
const attempts = 60;
/** Earlier lessons of the other label that are looked at again beside each new one. */
const reviews = 3;
/** The turn of those who decide; no digest is like this. */
const decisions = "decisions";
/** Lessons of a label that may be looked at again: the newest. */
const reviewable = 10_000;

/** Takes lessons off the queue while this process has the lease for it. */
export function beginStudy(study: Study, queue: Queue): Promise<Working> {
  const { actor, place } = study;
  const options = { slots, patience, attempts };
  const begin = async () => {
    await finishReplacement(actor, study.learner, place);
    await study.learner.begin?.(place);
    return queue.work(lessonJobs(actor), options, (job) => learn(study, job));
  };
  return holdLease({ store: place.store, key: studyLease(actor), log: place.log, begin });
}

/** Learns one lesson, and looks at a few others again. */
export async function learn(study: Study, job: LessonJob): Promise<void> {
  const { learner, turns } = study;
  if (job.schema !== learner.schema) {
    throw new Fault("bad-input", `a lesson of schema ${job.schema}, the model has ${learner.schema}`);
  }
  const isNew = await turns.take(job.digest, () => change(study, job));
  const mail = job.origin === "hand" ? unscopedDigest(job.digest) : null;
  if (mail !== null) await turns.take(mail, () => replaceAutomatic(study, { ...job, digest: mail, lesson: "forget" }));
  if (!isNew || job.lesson === "forget") return;
  if (learner.review !== undefined) await lookBack(study, job.digest, job.lesson);
  await learner.train?.(study.place);
}

/** Looks again at a few lessons of the other label. */
async function lookBack(study: Study, digest: string, label: Label): Promise<void> {
  const { actor, place } = study;
  const { store } = place;
  const other = label === "spam" ? "ham" : "spam";
  const others = Array.from({ length: reviews }, (_, n) => reviewOne(study, other, `${digest} ${n}`));
  await Promise.all([store.push(listKey(actor, label), digest, reviewable, study.remember()), ...others]);
}

/** What somebody says of a mail of their own stands for what was learned of it without being said, now and later. */
async function replaceAutomatic(study: Study, job: LessonJob): Promise<void> {
  const entry = await readEntry(study.place.store, entryKey(study.actor, job.digest));
  if (entry?.origin !== "hand") await change(study, job);
}

/** Answers whether the model learned something that it did not hold. */
async function change(study: Study, job: LessonJob): Promise<boolean> {
  const { actor, learner, place, now = Date.now } = study;
  const key = entryKey(actor, job.digest);
  const life = await modelLife(place.store, actor, learner.variant?.(place) ?? "");
  const before = await readEntry(place.store, key);
  const entry = await finish(study, key, before, life);
  const next = await decide(study, key, life, async () => {
    if (await isUnbalanced(study, job)) return null;
    const weighed = await weigh(study, heldLabel(entry, job.schema, life), job);
    return judge(`${actor}/${job.digest}`, entry, weighed, life, now());
  });
  // A process that died in between had decided it already, but come no further.
  const wasDecided = before !== entry && before?.at === job.at && before.label === job.lesson;
  return wasDecided || (next !== null && next.due.length > 0);
}

async function isUnbalanced({ learner, place }: Study, { lesson, balance }: LessonJob): Promise<boolean> {
  if (balance === undefined || lesson === "forget") return false;
  const learned = await learner.learned?.(place);
  return learned !== undefined && leads(learned, lesson, balance);
}

/**
 * Decides what becomes of an entry, and does it. One decision comes after the other and knows of all before it; what they lead
 * to is written side by side.
 */
async function decide(
  study: Study,
  key: string,
  life: string,
  decision: () => Promise<Entry | null>,
): Promise<Entry | null> {
  const { learner, place, remember, turns } = study;
  let arrived = () => {};
  const next = await turns.take(decisions, async () => {
    const decided = await decision();
    if (decided !== null) arrived = (await learner.expect?.(decided.due, place)) ?? arrived;
    return decided;
  });
  if (next === null) return null;
  try {
    await writeEntry(place.store, key, next, remember());
    await finish(study, key, next, life);
  } finally {
    arrived();
  }
  return next;
}

/**
 * Makes the changes that an entry says are due, and answers with the entry without them. Those of a former life of the
 * model, or of features that mean nothing to it, are due no more.
 */
async function finish({ learner, place, remember }: Study, key: string, entry: Entry | undefined, life: string) {
  if (entry === undefined || entry.due.length === 0 || entry.life !== life || entry.schema !== learner.schema)
    return entry;
  await learner.apply(entry.due, place);
  const done = { ...entry, due: [] };
  await writeEntry(place.store, key, done, remember());
  return done;
}

/** The lesson with what this model is to learn of it. */
async function weigh({ learner, place }: Study, held: Label | null, job: LessonJob): Promise<LessonJob> {
  if (learner.weigh === undefined || job.lesson === "forget" || job.lesson === held) return job;
  return { ...job, features: await learner.weigh(job.features, job.lesson, place) };
}

function listKey(actor: string, label: Label): string {
  return `lessons/${actor}/${label}`;
}

/** Looks again at one of the lessons of a label: any of them, but the same in each system that was taught the same. */
async function reviewOne(study: Study, label: Label, draw: string): Promise<void> {
  const { actor, place } = study;
  const list = listKey(actor, label);
  const length = await place.store.length(list);
  if (length === 0) return;
  const [digest] = await place.store.range(list, drawn(draw) % length, 1);
  if (digest !== undefined) await study.turns.take(digest, () => reviewEntry(study, digest, label));
}

/** A number that is as good as random. */
function drawn(draw: string): number {
  return Number.parseInt(hash("sha256", draw).slice(0, 12), 16);
}

async function reviewEntry(study: Study, digest: string, label: Label): Promise<void> {
  const { actor, learner, place } = study;
  const key = entryKey(actor, digest);
  const life = await modelLife(place.store, actor, learner.variant?.(place) ?? "");
  const entry = await finish(study, key, await readEntry(place.store, key), life);
  // It may have been taken back since, or said to be the other.
  if (entry === undefined || heldLabel(entry, learner.schema, life) !== label) return;
  await decide(study, key, life, async () => {
    const review = (await learner.review?.(entry.features, label, place)) ?? null;
    return review === null ? null : reviewed(`${actor}/${digest}`, entry, label, review);
  });
}
