// BullMQ's own queues over one connection: one for each name of jobs, made when it is asked for.

import { Queue as Bull } from "bullmq";
import { Fault } from "../fault.ts";
import type { Link } from "../redis/link.ts";

/** Whoever works says how often a job is tried; BullMQ wants a number with the job. */
const attempts = 1_000_000;

/** A cluster keeps all keys of a queue together: what BullMQ puts before them is their hash tag. */
export function tagOf(prefix: string, name: string): string {
  return `{${prefix}:q:${name}}`;
}

export class Bulls {
  readonly #link: Link;
  readonly #prefix: string;
  readonly #bulls = new Map<string, Bull>();
  readonly #listed = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();

  constructor(link: Link, prefix: string) {
    this.#link = link;
    this.#prefix = prefix;
    // A server that was away may have come back without what it had.
    link.client.on("ready", () => this.#listed.clear());
  }

  /** Asks Redis for something about the jobs of a name. */
  ask<Result>(name: string, action: (bull: Bull) => Promise<Result>): Promise<Result> {
    return this.#await(this.#ask(name, action));
  }

  /** The same, of a name that is among `names` before. */
  askListed<Result>(name: string, action: (bull: Bull) => Promise<Result>): Promise<Result> {
    return this.#await(this.list(name).then(() => this.#ask(name, action)));
  }

  async list(name: string): Promise<void> {
    if (this.#listed.has(name)) return;
    await this.#link.run((client) => client.sadd(this.#namesKey, name));
    this.#listed.add(name);
  }

  names(): Promise<string[]> {
    return this.#link.run((client) => client.smembers(this.#namesKey));
  }

  /** Resolves when all that was asked is answered, or given up. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  get #namesKey(): string {
    return `${this.#prefix}:queues`;
  }

  async #await<Result>(asked: Promise<Result>): Promise<Result> {
    this.#pending.add(asked);
    try {
      return await asked;
    } finally {
      this.#pending.delete(asked);
    }
  }

  async #ask<Result>(name: string, action: (bull: Bull) => Promise<Result>): Promise<Result> {
    try {
      return await this.#link.run(() => action(this.#of(name)));
    } catch (thrown) {
      // A Bull that could not greet the server would never try again.
      if (thrown instanceof Fault && thrown.code === "unavailable") this.#forget(name);
      throw thrown;
    }
  }

  #of(name: string): Bull {
    const known = this.#bulls.get(name);
    if (known !== undefined) return known;
    const bull = new Bull(name, {
      connection: this.#link.client,
      prefix: tagOf(this.#prefix, name),
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: {
        attempts,
        backoff: { type: "custom" },
        removeOnComplete: true,
        removeOnFail: false,
        stackTraceLimit: 1,
      },
    });
    // The link says when Redis is lost.
    bull.on("error", () => {});
    this.#bulls.set(name, bull);
    return bull;
  }

  #forget(name: string): void {
    const bull = this.#bulls.get(name);
    this.#bulls.delete(name);
    bull?.close().catch(() => undefined);
  }
}
