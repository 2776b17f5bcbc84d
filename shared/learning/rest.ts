// A rest from learning: for work on whole models, which no lesson may change meanwhile. Lessons wait on the queue.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { lookEvery, studyLease } from "./lease.ts";

export interface Resting {
  readonly store: Store;
  readonly log: Log;
  /** Names of the actors whose models are worked on. */
  readonly actors: readonly string[];
}

/** ms that the rest lasts when this process dies. */
const ttl = 30_000;

/** Takes the leases away from whoever learns, and gives them back when the work is done. Takes seconds when they were held. */
export async function restFromLearning<Result>(resting: Resting, work: () => Promise<Result>): Promise<Result> {
  const { store, log, actors } = resting;
  const me = randomUUID();
  const keys = actors.map(studyLease);
  let wasHeld = false;
  for (const key of keys) {
    if (await store.add(key, me, ttl)) continue;
    wasHeld = true;
    await store.set(key, me, ttl);
  }
  const renewing = setInterval(() => {
    Promise.all(keys.map((key) => store.expire(key, ttl))).catch((err) =>
      log.warn({ err }, "a rest cannot be renewed"),
    );
  }, ttl / 4);
  try {
    // A holder sees that its lease is gone when it looks next, and then finishes the lessons at work: a second is much.
    if (wasHeld) await pause(2 * lookEvery + 1000);
    return await work();
  } finally {
    clearInterval(renewing);
    for (const key of keys) if ((await store.get(key)) === me) await store.delete(key);
  }
}
