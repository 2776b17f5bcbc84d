// Opens the sockets of a door and closes them without losing a request that is being answered.

import { once } from "node:events";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import type { BindSocket } from "../../shared/bind-socket.ts";
import { listen } from "../../shared/listen.ts";
import type { Running } from "../../shared/role.ts";

// As bin/built-in.ts says why.
const { createServer } = process.getBuiltinModule("node:http");

export interface ServerLimits {
  /** Bytes of request line and headers. */
  readonly maxHeaders: number;
  readonly maxConnections: number;
  /** ms in which a request must have arrived. */
  readonly timeout: number;
  /** ms after which an idle connection is closed. */
  readonly keepAlive: number;
  /** ms that running requests get when the door closes. */
  readonly grace: number;
}

export type ClientErrorListener = (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket) => void;

/** Listens on `socket`. Fault `unavailable` when that cannot be. */
export async function openServer(
  socket: BindSocket,
  limits: ServerLimits,
  answer: RequestListener<typeof IncomingMessage>,
  onClientError: ClientErrorListener,
  onError: (error: Error) => void,
): Promise<Running> {
  const server = createServer({
    maxHeaderSize: limits.maxHeaders,
    requestTimeout: limits.timeout,
    headersTimeout: limits.timeout,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: 1_000,
    noDelay: true,
    // Nothing depends on it, and small scripts of mail servers leave it out.
    requireHostHeader: false,
  });
  server.on("request", answer);
  server.on("clientError", onClientError);
  server.on("timeout", closeIdle);
  server.maxConnections = limits.maxConnections;
  // A worker process closes what is too many; else its parent would offer it round and round.
  Object.assign(server, { dropMaxConnection: true });
  // By default Node drops every header after the 1,000th without a word; maxHeaderSize is limit enough.
  server.maxHeadersCount = 0;
  const listening = (await listen(server, socket)).replace(/^inet:/, "http://");
  // A connection that cannot be accepted, for want of descriptors.
  server.on("error", onError);
  return { listening: [listening], close: () => close(server, limits.grace) };
}

/** After a machine stood still a connection looks idle whose next request has arrived. It is read first: a mail may be in it. */
function closeIdle(socket: Socket): void {
  const { bytesRead } = socket;
  setImmediate(() => {
    if (socket.bytesRead === bytesRead) socket.destroy();
  });
}

/** Takes no connection any more; lets running requests end, idle connections go, and cuts what outlasts the grace. */
async function close(server: Server, grace: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), grace);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}
