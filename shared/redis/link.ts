// A connection that answers in time or fails: `unavailable` at once while there is none, and after a limit when the
// server is silent. Says in the log when it is lost and when it is there again, not each time.

import { Fault } from "../fault.ts";
import type { Log } from "../log.ts";
import type { RedisConfig } from "./config.ts";
import { connect, type RedisClient } from "./connect.ts";
import { isRefusal, lost, reasonOf, toRedisFault } from "./fault.ts";
import { type Place, placeName } from "./place.ts";

export interface LinkOptions {
  readonly config: RedisConfig;
  readonly log: Log;
  /** What the server lists the connection as: without blanks. */
  readonly name: string;
  /** Commands wait for the connection instead of failing. */
  readonly patient?: boolean;
  /** ms for an answer. Default: the configured time. */
  readonly timeout?: number;
}

/** ms between two lines of the log that say that a server is lost. */
const quiet = 30_000;

export class Link {
  readonly client: RedisClient;
  /** The server, for people. */
  readonly place: string;
  readonly #timeout: number;
  readonly #log: Log;
  readonly #name: string;
  #lastError: unknown;
  /** Given up, though the client does not know yet. */
  #isSilent = false;
  #isLost = false;
  /** Lost, and the log says so. */
  #isSaid = false;
  /** When the log last said so, and what says it later. */
  #spoke = Number.NEGATIVE_INFINITY;
  #speaking: NodeJS.Timeout | undefined;
  #closed = false;
  #pending = 0;
  #whenIdle: (() => void) | undefined;

  constructor(place: Place, { config, log, name, patient = false, timeout = config.timeout }: LinkOptions) {
    this.place = placeName(place);
    this.#timeout = timeout;
    this.#log = log;
    this.#name = name;
    this.client = connect(place, config, { name, patient, silence: timeout });
    this.client.on("error", (thrown: unknown) => {
      this.#lastError = telling(thrown) ?? this.#lastError;
      this.#lose();
    });
    this.client.on("close", () => this.#lose());
    // A client gives up for good only when it is told to.
    this.client.on("end", () => {
      if (!this.#closed) setTimeout(() => this.#revive(), config.timeout).unref();
    });
    this.client.on("ready", () => {
      this.#find();
    });
  }

  get isReady(): boolean {
    return !this.#isSilent && this.client.status === "ready";
  }

  /**
   * Resolves when the connection is ready, or cannot be for now: it goes on trying. Throws `bad-config` when the server
   * refuses us; then it is closed.
   */
  async open(): Promise<void> {
    const { client } = this;
    if (this.isReady) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, this.#timeout * 2);
      const events = ["ready", "error", "close", "end"] as const;
      function done(): void {
        clearTimeout(timer);
        for (const event of events) client.off(event, done);
        resolve();
      }
      for (const event of events) client.on(event, done);
    });
    if (this.isReady) return;
    if (isRefusal(this.#lastError)) {
      await this.close();
      throw new Fault("bad-config", `${this.place} refuses us: ${this.#reason()}`, this.#lastError);
    }
    this.#lose();
  }

  /** Asks the server. `limit` ms at most, by default the configured time. */
  async run<Result>(ask: (client: RedisClient) => Promise<Result>, limit = this.#timeout): Promise<Result> {
    if (this.#closed) throw new Fault("closed", "the connection is closed");
    if (!this.isReady) throw new Fault("unavailable", `${this.place} is not connected${this.#reason(": ")}`);
    this.#pending += 1;
    let timer: NodeJS.Timeout | undefined;
    let turn: NodeJS.Immediate | undefined;
    const late = new Promise<never>((_, reject) => {
      const giveUp = () => {
        reject(new Fault("unavailable", `${this.place} has not answered for ${limit} ms`));
        this.#recycle();
      };
      // Perhaps it was us who were busy: what has arrived meanwhile is read first.
      timer = setTimeout(() => {
        turn = setImmediate(giveUp);
      }, limit);
    });
    try {
      return await Promise.race([ask(this.client), late]);
    } catch (thrown) {
      throw toRedisFault(thrown, this.place);
    } finally {
      clearTimeout(timer);
      clearImmediate(turn);
      this.#pending -= 1;
      if (this.#pending === 0) this.#whenIdle?.();
    }
  }

  /** What is on its way is awaited, as long as an answer may take. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    clearTimeout(this.#speaking);
    this.client.disconnect();
  }

  /** A silent connection may never speak again, and the system notices late. A cluster's client sees to its own. */
  #recycle(): void {
    const { client } = this;
    if (!this.isReady || client.isCluster) return;
    this.#isSilent = true;
    client.disconnect(true);
  }

  #revive(): void {
    if (this.#closed || this.client.status !== "end") return;
    this.client.connect().catch(() => undefined);
  }

  #lose(): void {
    if (this.#isLost || this.#closed) return;
    this.#isLost = true;
    // One that comes and goes all the time is said to be lost once in a while; one that stays away, always.
    const wait = this.#spoke + quiet - performance.now();
    clearTimeout(this.#speaking);
    if (wait <= 0) this.#say();
    else this.#speaking = setTimeout(() => this.#say(), wait).unref();
  }

  #say(): void {
    this.#isSaid = true;
    this.#spoke = performance.now();
    const reason = this.#reason() || lost;
    const where = { redis: this.place, connection: this.#name, reason };
    this.#log.error(where, "Redis does not answer: it is tried again");
  }

  #find(): void {
    clearTimeout(this.#speaking);
    const { place: redis } = this;
    if (this.#isSaid) this.#log.info({ redis, connection: this.#name }, "Redis is there again");
    this.#isLost = false;
    this.#isSaid = false;
    this.#isSilent = false;
    // It says nothing about the next time.
    this.#lastError = undefined;
  }

  #reason(before = ""): string {
    return this.#lastError instanceof Error ? `${before}${reasonOf(this.#lastError)}` : "";
  }
}

/** What says more than that commands were given up, or that no node of a cluster could be asked. */
function telling(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  if (reasonOf(thrown) === lost) return undefined;
  return "lastNodeError" in thrown && thrown.lastNodeError instanceof Error ? thrown.lastNodeError : thrown;
}
