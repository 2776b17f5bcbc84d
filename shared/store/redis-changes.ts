// Changes of tables as Redis tells them: one connection that listens to the channels of all tables that are followed.
// Changes are numbered. Whoever may have missed one reads again: after a connection was lost, after a gap, and when the
// server has counted on in silence.

import { Fault } from "../fault.ts";
import type { Log } from "../log.ts";
import type { RedisClient } from "../redis/connect.ts";
import { toRedisFault } from "../redis/fault.ts";
import type { Link } from "../redis/link.ts";
import { seldom } from "../seldom.ts";
import { statusOf } from "./redis-table-data.ts";
import type { TableChange } from "./store.ts";

type Listener = (change: TableChange) => void;

interface Followed {
  readonly meta: string;
  readonly listeners: Set<Listener>;
  /** Number of the latest change that was told. */
  seen: number;
  /** Number that the server had when it was looked at last. */
  looked: number;
}

/** ms between two looks whether listening works. */
const lookInterval = 5_000;
/** ms before the next try to listen. */
const shortestPause = 50;
const longestPause = 2_000;

export interface ChangesOptions {
  readonly truth: Link;
  /** A new connection, on the way, that does not reconnect. */
  readonly connect: () => RedisClient;
  readonly log: Log;
  /** ms for an answer. */
  readonly timeout: number;
}

export class Changes {
  readonly #options: ChangesOptions;
  readonly #followed = new Map<string, Followed>();
  #listening: Promise<RedisClient> | undefined;
  #looking: NodeJS.Timeout | undefined;
  #retrying: NodeJS.Timeout | undefined;
  #failures = 0;
  /** The log says that nothing is heard. */
  #isSaid = false;
  readonly #mayTell = seldom();
  #closed = false;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Resolves when changes are heard from now on. `meta` is the key that counts them. */
  async follow(channel: string, meta: string, listener: Listener): Promise<() => void> {
    let followed = this.#followed.get(channel);
    if (followed === undefined) {
      const client = await this.#listen();
      await this.#subscribe(client, channel);
      const { change } = await statusOf(this.#options.truth, meta);
      followed = this.#followed.get(channel) ?? { meta, listeners: new Set(), seen: change, looked: change };
      this.#followed.set(channel, followed);
    }
    const { listeners } = followed;
    // The same function may follow twice.
    const own: Listener = (change) => listener(change);
    listeners.add(own);
    return () => {
      listeners.delete(own);
      if (listeners.size > 0 || this.#followed.get(channel)?.listeners !== listeners) return;
      this.#followed.delete(channel);
      void this.#listening?.then((client) => client.unsubscribe(channel)).catch(() => undefined);
    };
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#looking);
    clearTimeout(this.#retrying);
    this.#listening?.then((client) => client.disconnect()).catch(() => undefined);
    this.#followed.clear();
  }

  /** The connection that listens; opened when there is none. */
  #listen(): Promise<RedisClient> {
    if (this.#closed) return Promise.reject(new Fault("closed", "the store is closed"));
    this.#listening ??= this.#open();
    this.#looking ??= setInterval(() => void this.#look(), lookInterval).unref();
    return this.#listening;
  }

  async #open(): Promise<RedisClient> {
    const { connect, timeout } = this.#options;
    const client = connect();
    const ready = Promise.withResolvers<void>();
    let reason: unknown = new Fault("unavailable", "the connection was closed");
    let isOpen = false;
    client.on("error", (thrown: unknown) => {
      reason = thrown;
    });
    client.once("ready", () => ready.resolve());
    client.once("end", () => {
      ready.reject(reason);
      if (isOpen) this.#lose(reason);
    });
    client.on("messageBuffer", (channel: Buffer, message: Buffer) => this.#hear(channel.toString("utf8"), message));
    try {
      await within(ready.promise, 2 * timeout);
      for (const channel of this.#followed.keys()) await this.#subscribe(client, channel);
      if (client.status !== "ready") throw reason;
    } catch (thrown) {
      client.disconnect();
      this.#lose(thrown);
      throw toRedisFault(thrown, this.#options.truth.place);
    }
    isOpen = true;
    this.#failures = 0;
    this.#isSaid = false;
    await this.#readAgain();
    return client;
  }

  #subscribe(client: RedisClient, channel: string): Promise<unknown> {
    return within(client.subscribe(channel), this.#options.timeout);
  }

  #lose(reason: unknown): void {
    this.#listening = undefined;
    if (this.#closed || this.#followed.size === 0) return;
    const { log, truth } = this.#options;
    // As a fault: what ioredis throws carries commands with what they hold.
    const err = toRedisFault(reason, truth.place);
    if (!this.#isSaid && this.#mayTell()) {
      log.warn({ err }, "changes of tables are not heard: tried again");
      this.#isSaid = true;
    }
    const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    clearTimeout(this.#retrying);
    this.#retrying = setTimeout(() => void this.#listen().catch(() => undefined), pause).unref();
  }

  /** After the connection was lost nobody knows what was missed. */
  async #readAgain(): Promise<void> {
    for (const followed of this.#followed.values()) {
      // With 0 the next change, whatever its number, is "read again": the master may be another one, which counts from less.
      const { change } = await statusOf(this.#options.truth, followed.meta).catch(() => ({ change: 0 }));
      followed.seen = change;
      followed.looked = change;
      tell(followed, "reread");
    }
  }

  #hear(channel: string, message: Buffer): void {
    const followed = this.#followed.get(channel);
    if (followed === undefined || message.length < 8) return;
    const number = message.readDoubleLE(0);
    if (number <= followed.seen) return;
    const missed = number > followed.seen + 1;
    followed.seen = number;
    tell(followed, missed ? "reread" : readChange(message));
  }

  /** Both ends of a connection may believe in it in vain, and a cluster's nodes may lose what one tells the other. */
  async #look(): Promise<void> {
    const { truth, timeout } = this.#options;
    try {
      const client = await this.#listening;
      if (client !== undefined && this.#followed.size > 0) {
        await within(client.ping(), timeout).catch(() => client.disconnect());
      }
      for (const followed of this.#followed.values()) {
        const { change } = await statusOf(truth, followed.meta);
        // What was there at the last look has had time to be heard. Fewer changes than before: another server has our place.
        const missed = followed.seen < followed.looked || change < followed.seen;
        if (missed) followed.seen = change;
        followed.looked = change;
        if (missed) tell(followed, "reread");
      }
    } catch {
      // The connections say themselves that they are lost, and the next look comes.
    }
  }
}

function tell({ listeners }: Followed, change: TableChange): void {
  for (const listener of [...listeners]) listener(change);
}

/** Numbers of cells, then as many values. */
function readChange(message: Buffer): TableChange {
  const count = (message.length - 8) / 8;
  if (count === 0 || !Number.isInteger(count)) return "reread";
  const all = new Uint32Array(new Uint8Array(message.subarray(8)).buffer);
  return { cells: all.slice(0, count), values: all.slice(count) };
}

async function within<Result>(promise: Promise<Result>, limit: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Fault("unavailable", `Redis has not answered for ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
