// Starts the gateway: opens both doors on their sockets, and closes them so that no mail is lost.

import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { withConfigured } from "../../shared/configured.ts";
import { Fault } from "../../shared/fault.ts";
import { isLoopback } from "../../shared/network.ts";
import type { Running, System } from "../../shared/role.ts";
import { scannedTopic } from "../../shared/scan.ts";
import { openAccess } from "./access.ts";
import { parseBindAddress } from "./bind-address.ts";
import { openBudget } from "./body.ts";
import { clientErrorListener } from "./client-error.ts";
import { config } from "./config.ts";
import { openControllerDoor } from "./controller-door.ts";
import type { Gateway } from "./gateway.ts";
import { listen, type ServerLimits } from "./listen.ts";
import { openRecord } from "./record.ts";
import { onReset, resetTopic } from "./reset.ts";
import { openScanDoor } from "./scan-door.ts";
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
    { app: openScanDoor(gateway), sockets: http.scan.bind_socket, port: 11333 },
    { app: openControllerDoor(gateway), sockets: http.controller.bind_socket, port: 11334 },
  ];
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
    for (const { app, sockets, port } of doors) {
      for (const socket of sockets) running.push(await openSocket(gateway, app, socket, port, serverLimits(system)));
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
    learners: system.actors.filter(({ learner }) => learner !== undefined).map(({ name }) => name),
    budget: openBudget(http.max_memory),
    limits: { maxMessage: http.max_message, taskTimeout: http.task_timeout },
    access: openAccess(http.controller, now),
    closing: false,
  };
}

/** Takes what can change while the sockets stay open. */
function reconfigure(gateway: Gateway, system: HttpSystem): void {
  const { http } = system.config.get(config);
  gateway.limits = { maxMessage: http.max_message, taskTimeout: http.task_timeout };
  gateway.access = openAccess(http.controller, gateway.now);
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

async function openSocket(
  gateway: Gateway,
  app: FastifyInstance,
  socket: string,
  port: number,
  limits: ServerLimits,
): Promise<Running> {
  const address = parseBindAddress(socket, port);
  if (address instanceof Error) throw new Fault("bad-config", `http: ${address.message}`);
  if (address.kind === "unix" && address.ignored.length > 0) {
    gateway.log.warn({ path: address.path, ignored: address.ignored }, "the owner of a socket is not changed");
  }
  if (port === 11334 && address.kind === "tcp" && !isLoopback(address.host) && gateway.access.open) {
    gateway.log.warn({ bind_socket: socket }, "the controller has no password: other machines are refused");
  }
  await app.ready();
  // Rspamd's controller does not speak the older protocols either.
  const spamd = port === 11334 ? undefined : (start: Buffer, peer: Socket) => void answerSpamd(gateway, start, peer);
  return listen(address, limits, app.routing, clientErrorListener(spamd), (error) =>
    gateway.log.error({ reason: error.message }, "listening failed"),
  );
}
