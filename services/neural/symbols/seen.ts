// The symbols of scanned mails, for the case that somebody says later what a mail was. They go to the store many at a time: a
// commit costs the disk as much for one as for a hundred. What a process that is killed had not written yet is lost, and with
// it only that a lesson on one of these mails teaches the text alone.

import type { Store } from "../../../shared/store/store.ts";
import type { PublishedPlace } from "../published.ts";
import { schema } from "../text/features.ts";

/** ms that a mail waits for others before it is written, and mails that do not wait any longer. */
const pause = 2_000;
const many = 500;

/** By name of the mail. */
type Vectors = Map<string, { readonly vector: Uint8Array; readonly ttl: number }>;

interface Waiting {
  vectors: Vectors;
  /** What is being written, and not in the store before it is. */
  readonly writing: Set<Vectors>;
  timer: NodeJS.Timeout | undefined;
}

const waiting = new WeakMap<Store, Waiting>();

const keyOf = (name: string): string => `neural/${schema}/seen/${name}`;

/** Keeps the symbols of a mail for `ttl` ms. */
export function rememberMail(place: PublishedPlace, name: string, vector: Uint8Array, ttl: number): void {
  const { store } = place;
  const fresh = waiting.get(store) ?? { vectors: new Map(), writing: new Set(), timer: undefined };
  waiting.set(store, fresh);
  fresh.vectors.set(name, { vector, ttl });
  const write = () => {
    clearTimeout(fresh.timer);
    fresh.timer = undefined;
    writeAll(store, fresh).catch((err) => place.log.warn({ err }, "the symbols of mails cannot be remembered"));
  };
  if (fresh.vectors.size >= many) write();
  else fresh.timer ??= setTimeout(write, pause).unref();
}

async function writeAll(store: Store, fresh: Waiting): Promise<void> {
  const all = fresh.vectors;
  fresh.vectors = new Map();
  fresh.writing.add(all);
  try {
    await Promise.all(Array.from(all, ([name, { vector, ttl }]) => store.set(keyOf(name), vector, ttl)));
  } finally {
    fresh.writing.delete(all);
  }
}

/** The symbols of a mail that was scanned, here or elsewhere; undefined when it was not, or too long ago. */
export async function recallMail(store: Store, name: string): Promise<Uint8Array | undefined> {
  const fresh = waiting.get(store);
  for (const vectors of fresh === undefined ? [] : [fresh.vectors, ...fresh.writing]) {
    const known = vectors.get(name);
    if (known !== undefined) return known.vector;
  }
  return store.getBytes(keyOf(name));
}
