// Teaches the networks over symbols: remembers lessons, and has a network trained anew when enough of them are new to it.

import type { ModelChange } from "../../../shared/learning/learner.ts";
import type { Log } from "../../../shared/log.ts";
import type { Store } from "../../../shared/store/store.ts";
import { type NeuralConfig, type Profile, profilesOf } from "../config.ts";
import type { Published } from "../published.ts";
import { announce, symbolsKey } from "../tables.ts";
import { readLesson } from "../text/lesson.ts";
import { threads } from "../thread.ts";
import { addLesson, countLessons, countNew, dropLesson, learnedNew, newLessons, readLessons } from "./memory.ts";

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

/** Remembers what the changes say. */
export async function rememberLessons(
  changes: readonly ModelChange[],
  { store, config }: Pick<SymbolsPlace, "store" | "config">,
): Promise<void> {
  const profiles = profilesOf(config);
  const ttl = Math.max(...profiles.map(({ expire }) => expire), 1);
  for (const { kind, label, features } of changes) {
    const { name } = readLesson(features);
    if (kind === "unlearn") await dropLesson(store, name);
    else if (kind === "learn" && (await addLesson(store, name, label, ttl))) {
      await Promise.all(profiles.map((profile) => countNew(store, profile.name)));
    }
  }
}

/** Trains the networks to which enough lessons are new: seconds for one that remembers thousands. */
export async function trainDue(place: SymbolsPlace): Promise<void> {
  for (const profile of profilesOf(place.config)) await trainIfDue(profile, place);
}

async function trainIfDue(profile: Profile, place: SymbolsPlace): Promise<void> {
  const { store } = place;
  const busy = training.get(store) ?? new Set();
  training.set(store, busy);
  if (busy.has(profile.name)) return;
  busy.add(profile.name);
  try {
    const news = await newLessons(store, profile.name);
    if (news < fewestNew) return;
    const labels = await countLessons(store, profile.maxTrains);
    if (Math.min(...labels) < fewest || news < renewal * (labels[0] + labels[1])) return;
    const lessons = await readLessons(store, profile.maxTrains);
    const spam = lessons.filter((lesson) => lesson.spam).length;
    if (Math.min(spam, lessons.length - spam) >= fewest) await train(profile, lessons, place);
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
  const made = await threads.symbols.run({ kind: "symbols", lessons, before, options });
  if ("refused" in made) {
    log.info({ rule: name, reason: made.refused }, "a network over symbols is not published");
    return;
  }
  await store.set(symbolsKey(name), made.network, expire);
  await announce(published.counts, "symbols");
  await published.current();
  log.info({ rule: name, lessons: lessons.length }, "a network over symbols has learned");
}
