// Somebody who listens to a topic. Every driver tells its events through it.

import type { Log } from "../log.ts";

export class Subscriber {
  readonly #topic: string;
  readonly #handler: (event: unknown) => unknown;
  readonly #log: Log;
  #pending = 0;
  #idle: (() => void)[] = [];

  constructor(topic: string, handler: (event: unknown) => unknown, log: Log) {
    this.#topic = topic;
    this.#handler = handler;
    this.#log = log;
  }

  /** Hands over an event soon, and never in the middle of what the publisher does: an event delays nobody. */
  tell(event: unknown): void {
    this.#pending++;
    setImmediate(() => void this.#handle(event));
  }

  /** Resolves when every event that was told has been handled. */
  drain(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** A handler that throws, or whose promise fails, hurts nobody but itself. */
  async #handle(event: unknown): Promise<void> {
    try {
      await this.#handler(event);
    } catch (thrown) {
      this.#log.error({ err: thrown, topic: this.#topic }, "a subscriber failed");
    }
    this.#pending--;
    if (this.#pending === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
