// A lease: of all processes one does a certain work. When it dies another takes over.

import { randomUUID } from "node:crypto";
import type { Log } from "../log.ts";
import type { Working } from "../queue/queue.ts";
import type { Store } from "../store/store.ts";

export interface LeaseOptions {
  readonly store: Store;
  readonly key: string;
  readonly log: Log;
  /** Begins the work, when this process has the lease. */
  begin(): Promise<Working>;
  /** ms until a lease ends whose holder says nothing any more. Default: `leaseTtl`. */
  readonly ttl?: number;
}

export const leaseTtl = 10_000;
/** ms after which a holder knows at the latest that its lease has gone to another. */
export const lookEvery = leaseTtl / 4;

/** What a lease holds while models are worked on (rest.ts) begins with this, and lasts so many ms at most. */
export const restMark = "rest/";
export const restTtl = 30_000;

/** The lease of whoever learns for an actor. */
export function studyLease(actor: string): string {
  return `lease/learn/${actor}`;
}

/** Tries to get the lease until it is stopped. Resolves after the first try. */
export async function holdLease(options: LeaseOptions): Promise<Working> {
  const { store, key, log, begin, ttl = leaseTtl } = options;
  const me = randomUUID();
  let working: Working | undefined;
  /** When the lease was renewed, on the clock of `performance`. */
  let renewed = 0;
  let looking: Promise<void> = Promise.resolve();
  const limit = limitLease(store, key, ttl);
  /** It could not be renewed when it was tried last: that is said once. */
  let isTroubled = false;

  async function look(): Promise<void> {
    const started = performance.now();
    try {
      const mine = working === undefined ? await take() : await renew();
      if (mine) renewed = started;
      else await end();
      if (mine && working === undefined) working = await begin();
      isTroubled = false;
    } catch (thrown) {
      if (!isTroubled) log.warn({ err: thrown, lease: key }, "a lease cannot be renewed");
      isTroubled = true;
      // Nobody knows whether it is still ours: another process may have it by now.
      if (performance.now() - renewed > ttl) await end();
    }
  }

  async function take(): Promise<boolean> {
    if (await store.add(key, me, ttl)) return true;
    await limit();
    return false;
  }

  async function renew(): Promise<boolean> {
    return (await store.get(key)) === me && (await store.expire(key, ttl));
  }

  async function end(): Promise<void> {
    const ended = working;
    working = undefined;
    await ended?.stop();
  }

  async function giveBack(): Promise<void> {
    if ((await store.get(key)) === me) await store.delete(key);
  }

  const next = () => {
    looking = looking.then(look);
    return looking;
  };
  await next();
  const timer = setInterval(next, ttl / 4);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      const held = working !== undefined;
      await end();
      // One that cannot be given back ends by itself. Whoever stops goes on stopping.
      if (held) await giveBack().catch(() => undefined);
    },
  };
}

/**
 * For who waits for a lease: called at each look, it sees to it that no holder has it for longer than holders take it.
 * One that died while the clock was ahead would have it until then.
 */
export function limitLease(store: Store, key: string, ttl: number): () => Promise<void> {
  let known: string | undefined;
  let time = Number.POSITIVE_INFINITY;
  return async () => {
    const holder = await store.get(key);
    const now = Date.now();
    if (holder !== undefined && (holder !== known || now < time)) {
      await store.expire(key, holder.startsWith(restMark) ? restTtl : ttl);
    }
    known = holder;
    time = now;
  };
}
