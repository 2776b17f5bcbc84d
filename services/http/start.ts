// Starts the gateway: opens both doors on their sockets, and closes them so that no mail is lost.

import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { type BindSocket, writeBindSocket } from "../../shared/bind-socket.ts";
import { withConfigured } from "../../shared/configured.ts";
import { isLoopback } from "../../shared/network.ts";
import type { Running, System } from "../../shared/role.ts";
import { Room } from "../../shared/room.ts";
import { scannedTopic } from "../../shared/scan.ts";
import { openAccess } from "./access.ts";
import { clientErrorListener } from "./client-error.ts";
import { config } from "./config.ts";
import { openControllerDoor } from "./controller-door.ts";
import type { Door } from "./failure.ts";
import type { Gateway, LearningActor } from "./gateway.ts";
import { openRecord } from "./record.ts";
import { onReset, resetTopic } from "./reset.ts";
import { openScanDoor } from "./scan-door.ts";
import { openServer, type ServerLimits } from "./server.ts";
import { joinSiblings } from "./siblings.ts";
import { answerSpamd } from "./spamd-connection.ts";

/** What the gateway needs of a system. */
export type HttpSystem = Pick<System, "config" | "bus" | "log" | "actors" | "now">;

/** Listens as configured. Faults: `bad-config`, `unavailable` when it cannot listen; then nothing is left open. */
export async function startHttp(system: HttpSystem): Promise<Running> {
  const gateway = openGateway(system);
  const stopWatching = system.config.onChange(() => reconfigure(gateway, system));
  const siblings = await joinSiblings(system.bus, gateway.record);
  const subscriptions = [
    await system.bus.subscribe(scannedTopic, (event) => {
      gateway.record.add(event);
      siblings.note();
    }),
    await system.bus.subscribe(resetTopic, (event) => onReset(gateway, event)),
  ];
  const { http } = system.config.get(config);
  const doors = [
    { door: "scan", app: openScanDoor(gateway), sockets: http.scan.bind_socket },
    { door: "controller", app: openControllerDoor(gateway), sockets: http.controller.bind_socket },
  ] as const;
  const running: Running[] = [];

  async function close(): Promise<void> {
    gateway.closing = true;
    stopWatching();
    await Promise.all(running.map((one) => one.close()));
    for (const subscription of subscriptions) await subscription.stop();
    await siblings.close();
    for (const { app } of doors) await app.close();
  }

  try {
    for (const { door, app, sockets } of doors) {
      await app.ready();
      for (const socket of sockets) running.push(await openSocket(gateway, door, app, socket, serverLimits(system)));
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const longestClose = serverLimits(system).grace;
  return { listening: running.flatMap(({ listening }) => listening), longestClose, close };
}

function openGateway(system: HttpSystem): Gateway {
  const { http } = system.config.get(config);
  const now = () => system.now();
  return {
    bus: system.bus,
    log: system.log,
    now,
    record: openRecord(withConfigured(system.actors, system.config), now),
    learners: learnersOf(system),
    room: new Room({ all: http.max_memory, large: http.large_memory }),
    limits: { maxMessage: http.max_message, taskTimeout: http.task_timeout },
    access: openAccess(http.controller, now),
    closing: false,
  };
}

function learnersOf({ actors, config }: HttpSystem): LearningActor[] {
  return actors.flatMap(({ name, learner, config: sections }) => {
    if (learner === undefined) return [];
    return [{ name, perUser: learner.perUser?.((section) => config.get(sections)[section]) ?? false }];
  });
}

/** Takes what can change while the sockets stay open. */
function reconfigure(gateway: Gateway, system: HttpSystem): void {
  const { http } = system.config.get(config);
  gateway.limits = { maxMessage: http.max_message, taskTimeout: http.task_timeout };
  gateway.room.limits = { all: http.max_memory, large: http.large_memory };
  gateway.access = openAccess(http.controller, gateway.now);
  gateway.learners = learnersOf(system);
  gateway.record.symbols.declare(withConfigured(system.actors, system.config));
}

function serverLimits(system: HttpSystem): ServerLimits {
  const { http } = system.config.get(config);
  return {
    maxHeaders: http.max_headers,
    maxConnections: http.max_connections,
    timeout: http.timeout,
    keepAlive: http.keep_alive,
    grace: http.task_timeout + 1_000,
  };
}

function openSocket(
  gateway: Gateway,
  door: Door,
  app: FastifyInstance,
  socket: BindSocket,
  limits: ServerLimits,
): Promise<Running> {
  if (door === "controller" && socket.kind === "tcp" && !isLoopback(socket.host) && gateway.access.open) {
    const bind_socket = writeBindSocket(socket);
    gateway.log.warn({ bind_socket }, "the controller has no password: other machines are refused");
  }
  // Rspamd's controller does not speak the older protocols either.
  const spamd = door === "scan" ? (start: Buffer, peer: Socket) => void answerSpamd(gateway, start, peer) : undefined;
  return openServer(socket, limits, app.routing, clientErrorListener(spamd), (error) =>
    gateway.log.error({ reason: error.message }, "listening failed"),
  );
}
