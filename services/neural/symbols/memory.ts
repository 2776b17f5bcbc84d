// What the networks over symbols were taught: the symbols of mails with their labels, for as long as the longest of the
// networks learns from them.

import { setImmediate } from "node:timers/promises";
import type { Label } from "../../../shared/learning/learner.ts";
import type { Store } from "../../../shared/store/store.ts";
import { schema } from "../text/features.ts";
import { recallMail } from "./seen.ts";
import type { SymbolLesson } from "./train.ts";

/** Lessons of a label that are remembered: what the longest memory may hold. */
const mostLessons = 5_000;
/** Lessons that are read at once. */
const atOnce = 200;

/** Names of mails as lessons carry them are bytes. */
const hex = (name: Uint8Array): string => Buffer.from(name).toString("hex");
const lessonKey = (name: string): string => `neural/${schema}/lesson/${name}`;
const listKey = (label: Label): string => `neural/${schema}/lessons/${label}`;
const newKey = (rule: string): string => `neural/${schema}/new/${rule}`;

/** Makes a lesson of a mail that was scanned. Answers whether it is remembered. Doing it again changes nothing. */
export async function addLesson(store: Store, name: Uint8Array, label: Label, ttl: number): Promise<boolean> {
  const vector = await recallMail(store, hex(name));
  if (vector === undefined) return false;
  const bytes = new Uint8Array(vector.length + 1);
  bytes[0] = label === "spam" ? 1 : 0;
  bytes.set(vector, 1);
  await Promise.all([
    store.set(lessonKey(hex(name)), bytes, ttl),
    store.push(listKey(label), hex(name), mostLessons, ttl),
  ]);
  return true;
}

/** Forgets a lesson. */
export async function dropLesson(store: Store, name: Uint8Array): Promise<void> {
  await store.delete(lessonKey(hex(name)));
}

/** Lessons of spam and of ham that `readLessons` would read, those that were taken back since among them: to read them takes long. */
export async function countLessons(store: Store, most: number): Promise<readonly [number, number]> {
  const [spam, ham] = await Promise.all([store.length(listKey("spam")), store.length(listKey("ham"))]);
  return [Math.min(spam, most), Math.min(ham, most)];
}

/** The newest lessons of both labels, up to so many of each, in turns. What was taken back since is not among them. */
export async function readLessons(store: Store, most: number): Promise<readonly SymbolLesson[]> {
  const [spam, ham] = await Promise.all([readLabel(store, "spam", most), readLabel(store, "ham", most)]);
  const count = Math.max(spam.length, ham.length);
  return Array.from({ length: count }, (_, i) => [spam[i], ham[i]])
    .flat()
    .filter((lesson) => lesson !== undefined);
}

async function readLabel(store: Store, label: Label, most: number): Promise<readonly SymbolLesson[]> {
  const names = [...new Set(await store.range(listKey(label), 0, most))];
  const spam = label === "spam";
  const lessons: SymbolLesson[] = [];
  for (let at = 0; at < names.length; at += atOnce) {
    const some = names.slice(at, at + atOnce);
    for (const bytes of await Promise.all(some.map((name) => store.getBytes(lessonKey(name))))) {
      // Taken back, or said to be the other since.
      if (bytes !== undefined && (bytes[0] === 1) === spam) lessons.push({ spam, vector: bytes.subarray(1) });
    }
    // A store of this machine answers at once: mail must have its turn in between.
    await setImmediate();
  }
  return lessons;
}

/** Counts a lesson that the network of a rule has not learned from. */
export async function countNew(store: Store, rule: string): Promise<void> {
  await store.increment(newKey(rule), 1, Number.POSITIVE_INFINITY);
}

/** Lessons that the network of a rule has not learned from. */
export async function newLessons(store: Store, rule: string): Promise<number> {
  return Number((await store.get(newKey(rule))) ?? 0);
}

/** The network of a rule has learned from so many of them; others may have come meanwhile. */
export async function learnedNew(store: Store, rule: string, news: number): Promise<void> {
  await store.increment(newKey(rule), -news, Number.POSITIVE_INFINITY);
}

/** Forgets all lessons. The symbols of scanned mails are forgotten by themselves. */
export async function forgetLessons(store: Store, rules: readonly string[]): Promise<void> {
  for (const label of ["spam", "ham"] as const) {
    for (const name of await store.range(listKey(label), 0, mostLessons)) await store.delete(lessonKey(name));
    await store.delete(listKey(label));
  }
  for (const rule of rules) await store.delete(newKey(rule));
}
