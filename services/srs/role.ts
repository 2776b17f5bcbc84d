// The way back of rewritten senders, as a table that mail servers ask over a socket.

import { createServer, type Server, type Socket } from "node:net";
import { Fault, toFault } from "../../shared/fault.ts";
import { listen } from "../../shared/listen.ts";
import { defineRole, type Running, type System } from "../../shared/role.ts";
import { type SrsConfig, srsConfig } from "../../shared/srs/config.ts";
import { answer } from "./answer.ts";
import { NetstringReader, writeNetstring } from "./netstring.ts";

export default defineRole({
  name: "srs",
  about: "Tells mail servers where bounces of mail go that was passed on (SRS, socketmap).",
  config: srsConfig,
  validate: (config) => faults(config.get(srsConfig).srs),
  start,
});

function faults({ enabled, domain, secret }: SrsConfig): readonly Fault[] {
  if (!enabled) return [];
  const found: Fault[] = [];
  if (domain === "") found.push(new Fault("bad-config", "srs.domain: rewritten senders need a domain"));
  if (secret.length === 0)
    found.push(new Fault("bad-config", "srs.secret: without a secret anybody could make senders up"));
  return found;
}

async function start({ config, log, now }: System): Promise<Running> {
  const srs = () => config.get(srsConfig).srs;
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const listening: string[] = [];

  function accept(socket: Socket): void {
    const { max_connections, idle_timeout } = srs();
    if (sockets.size >= max_connections) {
      log.warn({ connections: sockets.size }, "connection refused: srs.max_connections");
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(idle_timeout, () => socket.destroy());
    converse(socket, (request) => answer(request, srs(), now())).catch((thrown: unknown) => {
      const reason = toFault(thrown).message;
      if (!socket.destroyed) log.warn({ peer: socket.remoteAddress ?? "local", reason }, "a question that is none");
      socket.destroy();
    });
  }

  async function close(): Promise<void> {
    const ended = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    // An answer takes no time: nobody waits for one.
    for (const socket of sockets) socket.destroy();
    await Promise.all(ended);
  }

  try {
    for (const socket of srs().enabled ? srs().bind_socket : []) {
      const server = createServer(accept);
      listening.push(`${await listen(server, socket)} (socketmap)`);
      server.on("error", (error) => log.error({ reason: error.message }, "listening failed"));
      servers.push(server);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { listening, close };
}

/** Rejects with what is wrong with the stream. */
async function converse(socket: Socket, say: (request: string) => string): Promise<void> {
  const reader = new NetstringReader();
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    reader.push(chunk);
    for (;;) {
      const request = reader.next();
      if (request === undefined) break;
      if (request instanceof Error) throw request;
      // Who does not read the answers is asked no further.
      if (!socket.write(writeNetstring(say(request)))) await drained(socket);
    }
  }
  socket.end();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      socket.off("drain", over);
      socket.off("close", over);
      resolve();
    };
    socket.on("drain", over);
    socket.on("close", over);
  });
}
