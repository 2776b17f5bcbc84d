// A small name server for tests, on loopback and within the test's process: it answers what a zone says, over UDP and
// TCP, cuts what does not fit, and does all that a test wants a sick or hostile server to do.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { lookUp, parseZone, type Zone } from "./zone.testing.ts";
import { type Asked, readQuery, writeMessage, zoneReply } from "./zone-message.testing.ts";

export interface ZoneServer {
  /** "127.0.0.1:PORT" */
  readonly address: string;
  readonly port: number;
  /** Every query so far. */
  readonly asked: readonly Asked[];
  /** Takes the place of the lines so far. */
  serve(lines: readonly string[]): void;
  close(): Promise<void>;
}

export interface ZoneServerOptions {
  readonly zone?: readonly string[];
  /** Default: a port that is free. */
  readonly port?: number;
  /** Messages that take the place of `usual`, which is what the zone says (over UDP perhaps cut). */
  readonly reply?: (asked: Asked, usual: readonly Buffer[]) => readonly Buffer[] | Promise<readonly Buffer[]>;
}

const host = "127.0.0.1";

export async function startZoneServer(options: ZoneServerOptions = {}): Promise<ZoneServer> {
  const { reply = (_asked, usual) => usual } = options;
  let zone: Zone = parseZone(options.zone ?? []);
  const asked: Asked[] = [];
  const { udp, tcp, port } = await bindBoth(options.port ?? 0);
  const connections = new Set<Socket>();

  async function replies(message: Buffer, over: Asked["over"], from: number): Promise<readonly Buffer[]> {
    const query = readQuery(message, over, from);
    if (query === undefined) return [];
    asked.push(query);
    const whole = zoneReply(query, lookUp(zone, query.name, query.type));
    const isCut = over === "udp" && whole !== undefined && whole.length > query.size;
    const usual = isCut ? writeMessage(query, { truncated: true }) : whole;
    return reply(query, usual === undefined ? [] : [usual]);
  }

  udp.on("message", async (message, from) => {
    for (const answer of await replies(message, "udp", from.port)) {
      if (closed === undefined) udp.send(answer, from.port, from.address);
    }
  });
  tcp.on("connection", (socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on("data", async (chunk) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      const query = received.subarray(2, end);
      received = received.subarray(end);
      for (const answer of await replies(query, "tcp", socket.remotePort ?? 0)) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        if (socket.writable) socket.write(Buffer.concat([length, answer]));
      }
    });
  });

  let closed: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    const done = Promise.all([once(udp, "close"), once(tcp, "close")]);
    udp.close();
    tcp.close();
    for (const socket of connections) socket.destroy();
    await done;
  }

  return {
    address: `${host}:${port}`,
    port,
    asked,
    serve(lines) {
      zone = parseZone(lines);
    },
    close() {
      closed ??= closeAll();
      return closed;
    },
  };
}

/** Closed when the test is over. */
export async function zoneServerFor(context: TestContext, options: ZoneServerOptions = {}): Promise<ZoneServer> {
  const server = await startZoneServer(options);
  context.after(() => server.close());
  return server;
}

/** One port for both, which somebody else may have for one of them: then another. */
async function bindBoth(wanted: number) {
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer();
    tcp.listen(wanted, host);
    await once(tcp, "listening");
    const { port } = tcp.address() as AddressInfo;
    const udp = createSocket("udp4");
    udp.bind(port, host);
    try {
      await once(udp, "listening");
      return { udp, tcp, port };
    } catch (error) {
      udp.close();
      tcp.close();
      if (wanted !== 0 || attempt === 10) throw error;
    }
  }
}
