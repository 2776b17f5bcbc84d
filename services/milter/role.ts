// The milter gateway as a role: mail servers in front, coordinators behind.

import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import type { ConfigOf } from "../../shared/check.ts";
import { listen } from "../../shared/listen.ts";
import { defineRole, type Running, type System } from "../../shared/role.ts";
import { Room, type RoomLimits } from "../../shared/room.ts";
import { seldom } from "../../shared/seldom.ts";
import { milterConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import type { MailSettings } from "./mail.ts";
import { scanWith } from "./scan.ts";

type MilterConfig = ConfigOf<typeof milterConfig>["milter"];

/** ms. Servers wait for minutes (Postfix 5, Sendmail 5 by default); a sign of life costs five bytes. */
const progressEvery = 5000;

export default defineRole({
  name: "milter",
  about: "Takes mails from mail servers over the milter protocol and tells them the verdict.",
  config: milterConfig,
  start,
});

async function start(system: System): Promise<Running> {
  const config = () => system.config.get(milterConfig).milter;
  const room = new Room(roomLimits(config()));
  const forget = system.config.onChange(() => {
    room.limits = roomLimits(config());
  });
  const connections = new Set<Connection>();
  const servers: Server[] = [];
  const listening: string[] = [];

  let refused = 0;
  const mayTell = seldom();
  /** A server that is refused comes again with its next mail: once in a while is enough. */
  function refuse(peer: string): void {
    refused += 1;
    if (!mayTell()) return;
    system.log.warn({ peer, connections: connections.size, refused }, "connections refused: max_connections");
    refused = 0;
  }

  function accept(socket: Socket): void {
    const { max_packet, idle_timeout, max_connections } = config();
    const peer = socket.remoteAddress ?? "local";
    if (connections.size >= max_connections) {
      refuse(peer);
      socket.destroy();
      return;
    }
    const log = system.log.child({ peer });
    const connection = new Connection(socket, {
      maxPacket: max_packet,
      idle: idle_timeout,
      room,
      settings: () => mailSettings(config()),
      decide: scanWith(system.bus, () => scanOptions(config()), socket.remoteAddress, log),
      newId: () => randomUUID().replaceAll("-", "").slice(0, 16),
      progressEvery,
      log,
    });
    connections.add(connection);
    connection.closed.then(() => connections.delete(connection));
  }

  async function close(): Promise<void> {
    forget();
    for (const server of servers) server.close();
    for (const connection of connections) connection.drain();
    const late = setTimeout(() => {
      system.log.warn({ connections: connections.size }, "mails under way are given up");
      for (const connection of connections) connection.destroy();
    }, config().drain_timeout);
    await Promise.all([...connections].map((connection) => connection.closed));
    clearTimeout(late);
  }

  try {
    for (const socket of config().milter ? config().bind_socket : []) {
      const server = createServer(accept);
      listening.push(await listen(server, socket));
      server.on("error", (error) => system.log.error({ reason: error.message }, "listening failed"));
      servers.push(server);
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { listening, longestClose: config().drain_timeout, close };
}

function roomLimits({ max_memory: all, large_memory: large }: MilterConfig): RoomLimits {
  return { all, large };
}

function mailSettings(config: MilterConfig): MailSettings {
  return {
    limits: {
      maxMessage: config.max_message,
      maxHeaders: config.max_headers,
      maxHeaderBytes: config.max_header_bytes,
    },
    oversized: config.oversized,
    patience: config.timeout,
    clientCa: config.client_ca_name,
    tempfailMessage: config.tempfail_message,
  };
}

function scanOptions(config: MilterConfig) {
  return {
    timeout: config.timeout,
    settingsId: config.settings_id,
    discardOnReject: config.discard_on_reject,
    quarantineOnReject: config.quarantine_on_reject,
    spamHeader: config.spam_header,
    rejectMessage: config.reject_message,
    quarantineMessage: config.quarantine_message,
    tempfailMessage: config.tempfail_message,
  };
}
