// What becomes of a connection to NATS, as it says itself: lost, there again, refused, closed.

import type { NatsConnection } from "@nats-io/transport-node";
import { Fault } from "../fault.ts";
import type { Log } from "../log.ts";
import type { NatsAsking } from "./nats-asking.ts";

export interface ConnectionState {
  connected: boolean;
  closed: boolean;
  /** Events that were not published. */
  dropped: number;
}

/** Reasons of the server that are told; their number is bounded by the subjects that we use, and by this. */
const mostRefusals = 100;

export function unavailable(): Fault {
  return new Fault("unavailable", "no connection to NATS");
}

/** Answers with a state that is kept current, of a connection that was just made. */
export function watchConnection(connection: NatsConnection, asking: NatsAsking, log: Log): ConnectionState {
  const state: ConnectionState = { connected: true, closed: false, dropped: 0 };
  const refusals = new Set<string>();

  /** Each reason once for a connection: a right that we lack is refused with every message. */
  function tellRefusal(reason: string): void {
    if (refusals.has(reason) || refusals.size >= mostRefusals) return;
    refusals.add(reason);
    log.error({ reason }, "NATS refused something");
  }

  async function watch(): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") {
        // A server that refuses us says so twice a second.
        if (state.connected) log.warn({ server: status.server }, "lost the connection to NATS");
        state.connected = false;
        // The answers were meant for a connection that is no more.
        asking.failAll(unavailable());
      } else if (status.type === "reconnect") {
        asking.reached();
        refusals.clear();
        const { dropped } = state;
        if (!state.connected) log.info({ server: status.server, dropped }, "connected to NATS again");
        state.connected = true;
      } else if (status.type === "error") tellRefusal(status.error.message);
      else if (status.type === "slowConsumer") log.warn("NATS sends faster than this process reads");
    }
    state.connected = false;
    state.closed = true;
    asking.failAll(new Fault("closed", "the bus is closed"));
  }

  void watch();
  return state;
}
