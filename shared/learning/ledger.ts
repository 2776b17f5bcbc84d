// The ledger of lessons: what each message was learned as, by whom, and exactly what was learned of it, so that it can be
// taken back. An entry is written before the model is changed, with the changes that are due, and again when they are
// done: a process that dies between leaves an entry that says what must be done again, under keys that count once.

import { Packr } from "msgpackr";
import { Fault } from "../fault.ts";
import type { Store } from "../store/store.ts";
import type { Label, LessonOrigin, ModelChange, Review } from "./learner.ts";
import type { LessonJob } from "./lesson.ts";

export interface Entry {
  /** What the message was learned as; null when that was taken back. */
  readonly label: Label | null;
  readonly origin: LessonOrigin;
  /** When the lesson was given, ms since 1970. */
  readonly at: number;
  /** Of the features. */
  readonly schema: number;
  /** What was learned. */
  readonly features: Uint8Array;
  /** The model's life in which it was learned: a model that was reset or replaced does not know it. */
  readonly life: string;
  /** Counts the changes of this entry: part of the names of changes. */
  readonly version: number;
  /** Changes of the model that may not have been made yet. */
  readonly due: readonly ModelChange[];
}

const ranks: Readonly<Record<LessonOrigin, number>> = { automatic: 0, trap: 1, hand: 2 };

/** What the model holds the message for, in this life of it. */
export function heldLabel(entry: Entry | undefined, schema: number, life: string): Label | null {
  return entry !== undefined && entry.life === life && entry.schema === schema ? entry.label : null;
}

/**
 * What becomes of the entry through a lesson; null when the lesson changes nothing. `features` is what will be learned.
 * `now` is in ms since 1970.
 */
export function judge(name: string, entry: Entry | undefined, job: LessonJob, life: string, now: number): Entry | null {
  const before = ranks[entry?.origin ?? "automatic"];
  const rank = ranks[job.origin];
  // R 8.6, r#5028: what a person said stands against every later copy of the mail.
  if (entry !== undefined && (rank < before || (rank === before && isEarlier(job, entry, now)))) return null;
  const held = heldLabel(entry, job.schema, life);
  const label = job.lesson === "forget" ? null : job.lesson;
  const version = (entry?.version ?? 0) + 1;
  const next = { label, origin: job.origin, at: job.at, schema: job.schema, life, version };
  if (entry !== undefined && held === label) return { ...next, features: entry.features, due: [] };
  const key = `${name}/${version}/${job.at}`;
  const due: ModelChange[] = [];
  if (entry !== undefined && held !== null) {
    due.push({ kind: "unlearn", label: held, features: entry.features, key: `${key}-` });
  }
  if (label !== null) due.push({ kind: "learn", label, features: job.features, key: `${key}+` });
  return { ...next, features: label === null ? new Uint8Array(0) : job.features, due };
}

/**
 * Whether a lesson was given before the one that was learned, and came late. One that was learned in the future says nothing
 * of that: a clock was wrong, and what people say since must not be in vain until then.
 */
function isEarlier(job: LessonJob, entry: Entry, now: number): boolean {
  return entry.at <= now && job.at < entry.at;
}

/** The entry of a lesson that was looked at again, and changes the model. */
export function reviewed(name: string, entry: Entry, label: Label, { kind, kept, change }: Review): Entry {
  const version = entry.version + 1;
  const due: ModelChange = { kind, label, features: change, key: `${name}/${version}/${entry.at}*` };
  return { ...entry, version, features: kept, due: [due] };
}

/** Whether a lesson would change nothing, by what is known now. */
export function isKnown(
  entry: Entry | undefined,
  { lesson, origin, schema }: Pick<LessonJob, "lesson" | "origin" | "schema">,
  life: string,
): boolean {
  // What was never learned cannot be forgotten.
  if (entry === undefined) return lesson === "forget";
  const label = lesson === "forget" ? null : lesson;
  return heldLabel(entry, schema, life) === label || ranks[origin] < ranks[entry.origin];
}

/** Names a lesson of somebody's own: the same mail counts once for each of them. `scope` is "" for a lesson of nobody's. */
export function scopedDigest(digest: string, scope: string): string {
  return scope === "" ? digest : `${digest}/${scope}`;
}

/** The mail that a lesson of somebody's own is on; null when it is nobody's. */
export function unscopedDigest(digest: string): string | null {
  const end = digest.indexOf("/");
  return end < 0 ? null : digest.slice(0, end);
}

const packr = new Packr({ useRecords: false });

export function entryKey(actor: string, digest: string): string {
  return `lesson/${actor}/${digest}`;
}

export async function readEntry(store: Store, key: string): Promise<Entry | undefined> {
  const bytes = await store.getBytes(key);
  if (bytes === undefined) return undefined;
  try {
    // Only this file writes under such keys.
    return packr.unpack(bytes) as Entry;
  } catch (thrown) {
    throw new Fault("failed", `the ledger has an unreadable entry ${key}`, thrown);
  }
}

export function writeEntry(store: Store, key: string, entry: Entry, remember: number): Promise<void> {
  return store.set(key, packr.pack(entry), remember);
}

function lifeKey(actor: string): string {
  return `lesson-life/${actor}`;
}

/** Name of the model's present life. */
export async function modelLife(store: Store, actor: string, variant: string): Promise<string> {
  const number = (await store.get(lifeKey(actor))) ?? "0";
  return variant === "" ? number : `${number}/${variant}`;
}

/** After the model was reset or replaced: what the ledger says of its former life no longer holds. */
export async function beginModelLife(store: Store, actor: string): Promise<void> {
  await store.increment(lifeKey(actor), 1, Number.POSITIVE_INFINITY);
}
