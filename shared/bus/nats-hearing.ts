// What a process hears of one subject, for as long as it wants to: a right that was taken away at the server may be given
// back, but the client forgets a subscription that was refused.

import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";

/** ms before a subject that was refused is tried again. */
const pause = 2_000;

export class Hearing {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #queue: string | undefined;
  readonly #onMessage: (msg: Msg) => void;
  #subscription: Subscription;
  #retrying: NodeJS.Timeout | undefined;
  #stopped = false;

  /** With a `queue`, one of all who hear the subject in it gets each message. `onMessage` must not throw. */
  constructor(connection: NatsConnection, subject: string, queue: string | undefined, onMessage: (msg: Msg) => void) {
    this.#connection = connection;
    this.#subject = subject;
    this.#queue = queue;
    this.#onMessage = onMessage;
    this.#subscription = this.#subscribe();
  }

  /** Hears no more, and resolves when the server knows. */
  drain(): Promise<void> {
    this.#stop();
    return this.#subscription.isClosed() ? Promise.resolve() : this.#subscription.drain();
  }

  /** Hears no more; for when there is no server to tell. */
  forget(): void {
    this.#stop();
    this.#subscription.unsubscribe();
  }

  #stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retrying);
  }

  #subscribe(): Subscription {
    this.#retrying = undefined;
    const callback = (error: Error | null, msg: Msg) => (error === null ? this.#onMessage(msg) : this.#tryAgain());
    return this.#connection.subscribe(
      this.#subject,
      this.#queue === undefined ? { callback } : { callback, queue: this.#queue },
    );
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    this.#retrying = setTimeout(() => {
      if (!this.#connection.isClosed()) this.#subscription = this.#subscribe();
    }, pause).unref();
  }
}
