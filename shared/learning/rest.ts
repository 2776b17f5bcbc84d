// A rest from learning: for work on whole models, which no lesson may change meanwhile. Lessons wait on the queue, and so
// does whoever else wants to work on the models.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { leaseTtl, limitLease, lookEvery, restMark, restTtl, studyLease } from "./lease.ts";

export interface Resting {
  readonly store: Store;
  readonly log: Log;
  /** Names of the actors whose models are worked on. */
  readonly actors: readonly string[];
}

/** ms between two looks whether the work of another is done. */
const pollEvery = 100;

/** Takes the leases away from whoever learns, and gives them back when the work is done. Takes seconds when they were held. */
export async function restFromLearning<Result>(resting: Resting, work: () => Promise<Result>): Promise<Result> {
  const { store, log, actors } = resting;
  const me = `${restMark}${randomUUID()}`;
  // In one order for all: of two that wait for each other's leases none would ever begin.
  const keys = actors.map(studyLease).sort();
  const isMine = async (key: string) => (await store.get(key)) === me;
  const renew = async (key: string) => (await isMine(key)) && store.expire(key, restTtl);
  const renewing = setInterval(() => {
    Promise.all(keys.map(renew)).catch((err) => log.warn({ err }, "a rest cannot be renewed"));
  }, restTtl / 4);
  try {
    await takeAll(store, keys, me);
    return await work();
  } finally {
    clearInterval(renewing);
    for (const key of keys) if (await isMine(key)) await store.delete(key);
  }
}

async function takeAll(store: Store, keys: readonly string[], me: string): Promise<void> {
  for (;;) {
    let wasHeld = false;
    for (const key of keys) if (await take(store, key, me)) wasHeld = true;
    // A holder sees that its lease is gone when it looks next, and then finishes the lessons at work: a second is much.
    if (wasHeld) await pause(2 * lookEvery + 1000);
    // Another may have taken it from the same holder at the same time.
    const holders = await Promise.all(keys.map((key) => store.get(key)));
    if (holders.every((holder) => holder === me)) return;
  }
}

/** Waits while another works on the model. Answers whether somebody learned. */
async function take(store: Store, key: string, me: string): Promise<boolean> {
  const limit = limitLease(store, key, leaseTtl);
  for (;;) {
    const holder = await store.get(key);
    if (holder === me || (holder === undefined && (await store.add(key, me, restTtl)))) return false;
    if (holder === undefined) continue;
    if (!holder.startsWith(restMark)) {
      await store.set(key, me, restTtl);
      return true;
    }
    await limit();
    await pause(pollEvery);
  }
}
