// The connection to NATS as it begins: services start in any order, so the server may come later.

import { connect, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { Fault } from "../fault.ts";
import type { Log } from "../log.ts";

export interface NatsPlace {
  /** "host:port" of the servers of one cluster, without who we are: nats-access.ts. */
  readonly servers: readonly string[];
  /** What this client is called in the server's monitoring. */
  readonly name: string;
  /** ms to wait for a server. Default 30 s. */
  readonly patience?: number;
  /** Who we are, and how the server proves who it is. */
  readonly access?: Pick<NodeConnectionOptions, "user" | "pass" | "token" | "tls" | "authenticator">;
}

/** Throws `unavailable` when no server answers in time. From then on the connection is made again for ever. */
export async function connectPatiently(options: NatsPlace, log: Log): Promise<NatsConnection> {
  const { servers, name, access = {}, patience = 30_000 } = options;
  const until = Date.now() + patience;
  let said = "";
  for (;;) {
    try {
      return await connect({
        ...access,
        servers: [...servers],
        name,
        timeout: 5_000,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        // Wrong credentials may be put right at the server: giving up would need a restart here too.
        ignoreAuthErrorAbort: true,
        // A server that is cut off, not dead, is noticed after two of these.
        pingInterval: 5_000,
        maxPingOut: 2,
        // A stack for every message costs more than the message.
        noAsyncTraces: true,
      });
    } catch (thrown) {
      const reason = reasonOf(thrown);
      if (Date.now() >= until) throw new Fault("unavailable", `no NATS at ${servers.join(", ")}: ${reason}`, thrown);
      if (reason !== said) log.warn({ reason, servers }, "NATS does not answer, trying again");
      said = reason;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** For people. What lies below says more: of a certificate that nobody vouches for, or of a port that is closed. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, cause } = thrown;
  return cause instanceof Error && cause.message !== message ? `${message} (${cause.message})` : message;
}
