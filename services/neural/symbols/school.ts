// Teaches the networks over symbols: remembers lessons, and has a network trained anew when enough of them are new to it.

import type { ModelChange } from "../../../shared/learning/learner.ts";
import type { Log } from "../../../shared/log.ts";
import type { Store } from "../../../shared/store/store.ts";
import { type NeuralConfig, type Profile, profilesOf } from "../config.ts";
import type { Published } from "../published.ts";
import { announce, symbolsKey } from "../tables.ts";
import { readLesson } from "../text/lesson.ts";
import { thread } from "../thread.ts";
import { addLesson, countNew, dropLesson, learnedNew, readLessons } from "./memory.ts";

/** Lessons of each label without which there is nothing to train. */
const fewest = 20;
/** A network is trained again after this part of what it learns from is new, and not before so many lessons. */
const renewal = 0.1;
const fewestNew = 10;

export interface SymbolsPlace {
  readonly store: Store;
  readonly log: Log;
  readonly published: Published;
  readonly config: NeuralConfig;
}

/** Rules whose network is being trained. */
const training = new WeakMap<Store, Set<string>>();

/** Remembers what the changes say, and trains what is due. */
export async function applySymbols(changes: readonly ModelChange[], place: SymbolsPlace): Promise<void> {
  const profiles = profilesOf(place.config);
  const ttl = Math.max(...profiles.map(({ expire }) => expire), 1);
  let added = 0;
  for (const { kind, label, features } of changes) {
    const { name } = readLesson(features);
    if (kind === "unlearn") await dropLesson(place.store, name);
    else if (kind === "learn" && (await addLesson(place.store, name, label, ttl))) added += 1;
  }
  if (added === 0) return;
  for (const profile of profiles) await trainIfDue(profile, place);
}

async function trainIfDue(profile: Profile, place: SymbolsPlace): Promise<void> {
  const { store } = place;
  const news = await countNew(store, profile.name);
  if (news < fewestNew) return;
  const busy = training.get(store) ?? new Set();
  training.set(store, busy);
  if (busy.has(profile.name)) return;
  busy.add(profile.name);
  try {
    const lessons = await readLessons(store, profile.maxTrains);
    const spam = lessons.filter((lesson) => lesson.spam).length;
    if (Math.min(spam, lessons.length - spam) < fewest || news < renewal * lessons.length) return;
    await train(profile, lessons, place);
    await learnedNew(store, profile.name, news);
  } finally {
    busy.delete(profile.name);
  }
}

async function train(
  { name, maxIterations, learningRate, expire }: Profile,
  lessons: Awaited<ReturnType<typeof readLessons>>,
  { store, log, published }: SymbolsPlace,
): Promise<void> {
  const before = (await store.getBytes(symbolsKey(name))) ?? null;
  const options = { iterations: maxIterations, rate: learningRate };
  const made = await thread.run({ kind: "symbols", lessons, before, options });
  if ("refused" in made) {
    log.info({ rule: name, reason: made.refused }, "a network over symbols is not published");
    return;
  }
  await store.set(symbolsKey(name), made.network, expire);
  await announce(published.counts, "symbols");
  await published.current();
  log.info({ rule: name, lessons: lessons.length }, "a network over symbols has learned");
}
