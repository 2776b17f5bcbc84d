// Whether the NATS server is still there. It is asked for a sign while somebody waits for an answer: one that says nothing
// is no different, to who waits, from an instance that does not answer, and must not be mistaken for it.

import type { NatsConnection } from "@nats-io/transport-node";

/** ms without a word after which the server is asked for one. */
const quiet = 250;
/** ms without a word after which what is late may be the server's fault, or our own. */
const silence = 1_500;

export class Pulse {
  readonly #connection: NatsConnection;
  readonly #timer: NodeJS.Timeout;
  #heard = performance.now();

  /** `isWaiting` says whether somebody waits for an answer. */
  constructor(connection: NatsConnection, isWaiting: () => boolean) {
    this.#connection = connection;
    this.#timer = setInterval(() => {
      if (isWaiting() && performance.now() - this.#heard >= quiet) this.#ask();
    }, quiet);
    this.#timer.unref();
  }

  /** Something came from the server. */
  beat(): void {
    this.#heard = performance.now();
  }

  /** Nothing came for a while, or this process did not look. */
  get silent(): boolean {
    return performance.now() - this.#heard >= silence;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The client may lose a flush together with a connection: the next one is not kept from being sent. */
  #ask(): void {
    this.#connection.flush().then(
      () => this.beat(),
      () => {},
    );
  }
}
