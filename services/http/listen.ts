// Opens the sockets of a door and closes them without losing a request that is being answered.

import { once } from "node:events";
import { chmod, lstat, unlink } from "node:fs/promises";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { connect, type Socket } from "node:net";
import { Fault } from "../../shared/fault.ts";
import type { Running } from "../../shared/role.ts";
import type { BindAddress } from "./bind-address.ts";

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

/** Listens on `address`. Fault `unavailable` when that cannot be. */
export async function listen(
  address: BindAddress,
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
  try {
    await opened(server, address).catch(async (thrown) => {
      if (address.kind !== "unix" || thrown?.code !== "EADDRINUSE") throw thrown;
      // Only now: workers share a socket, and the second one finds it answering.
      await removeStaleSocket(address.path);
      await opened(server, address);
    });
    if (address.kind === "unix") await chmod(address.path, address.mode);
  } catch (thrown) {
    throw new Fault("unavailable", `cannot listen on ${nameOf(address)}: ${messageOf(thrown)}`, thrown);
  }
  // A connection that cannot be accepted, for want of descriptors.
  server.on("error", onError);
  return { listening: [nameListening(server, address)], close: () => close(server, limits.grace) };
}

/** After a machine stood still a connection looks idle whose next request has arrived. It is read first: a mail may be in it. */
function closeIdle(socket: Socket): void {
  const { bytesRead } = socket;
  setImmediate(() => {
    if (socket.bytesRead === bytesRead) socket.destroy();
  });
}

async function opened(server: Server, address: BindAddress): Promise<void> {
  if (address.kind === "unix") server.listen(address.path);
  else server.listen({ host: address.host, port: address.port, backlog: 1024 });
  await once(server, "listening");
}

/** A socket file that nobody answers on was left by a process that is gone. Any other file stays. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isSocket()) throw new Error("there is a file, and it is no socket");
  const alive = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
  if (alive) throw new Error("another process listens there");
  await unlink(path);
}

function nameOf(address: BindAddress): string {
  return address.kind === "unix" ? address.path : `${address.host}:${address.port}`;
}

function nameListening(server: Server, address: BindAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
  return `http://${address.host.includes(":") ? `[${address.host}]` : address.host}:${port}`;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
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
