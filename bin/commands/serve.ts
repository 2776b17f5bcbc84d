// Starts the filter: all of it in one process, in several workers, or some of its roles.

import { open } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Actor } from "../../shared/actor.ts";
import { place } from "../../shared/config/problem.ts";
import { withConfigured } from "../../shared/configured.ts";
import { toFault } from "../../shared/fault.ts";
import { hostActor } from "../../shared/host.ts";
import { reopenLogs } from "../../shared/log.ts";
import type { Role, Running } from "../../shared/role.ts";
import { closeAll } from "../close-all.ts";
import type { Command } from "../command.ts";
import { configFolder } from "../folders.ts";
import { type OpenSystem, openSystem } from "../open-system.ts";
import { placeOptions } from "../place.ts";
import { loadServices, type Services } from "../services.ts";
import {
  giveSigns,
  leave,
  onOrder,
  type Summary,
  sayHowToTry,
  signInterval,
  tellReady,
  workerNumber,
} from "../worker.ts";
import { readWorkers } from "../worker-options.ts";

const help = `sluice serve [ROLE...] [OPTIONS]

Starts the filter. Without a ROLE everything runs in this process and nothing else is needed. With roles, and a bus
that connects the processes, each can run where you like: 'sluice serve http coordinator --bus nats://127.0.0.1:4222'.
'sluice serve --roles' prints the roles that there are.

  --config DIR      sluice.conf, local.d/, override.d/, rules.d/        (default: /etc/sluice when it is there)
  --data DIR        where state lies, unless the section redis names a server; processes on one machine share it
                                                            (default: /var/lib/sluice when root, else ./data)
  --bus URL[,URL]   NATS servers of one cluster, which carry questions between processes: nats://HOST:PORT, or tls://;
                    who we are says the section nats, or nats://USER:PASSWORD@HOST     (default: all in one process)
  --actors DIR      the folder of an actor of your own; may be repeated. Every process must be told of it
  --set KEY=VALUE   a value of the configuration, e.g. --set actions.reject=12; may be repeated
  --log LEVEL       trace, debug, info, warn, error, silent                                   (default: info)
  --log-to FILE     default: standard output
  --roles           print the roles and stop

  --workers N       N processes that share the ports and each do everything; one that ends or hangs is replaced
  --patience S      seconds without a sign of life after which a worker is killed and replaced         (default: 10)
  --max-memory MB   a worker that has grown larger finishes its mails and is replaced                (default: none)

Stops on SIGTERM or SIGINT: takes no new mail, finishes what is being scanned, then ends. On SIGHUP the configuration
is read again, and the file of --log-to opened anew (for logrotate); on SIGUSR1 only the latter.
Exit codes: 0 stopped on request, 64 wrong usage, 69 a server or port is not available, 78 wrong configuration.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...placeOptions,
      bus: { type: "string" },
      actors: { type: "string", multiple: true },
      log: { type: "string", default: "info" },
      "log-to": { type: "string" },
      roles: { type: "boolean" },
      workers: { type: "string" },
      patience: { type: "string" },
      "max-memory": { type: "string" },
    },
  });
  const workers = readWorkers(values);
  if (typeof workers === "string") {
    console.error(workers);
    return 64;
  }
  const logLevel = values.log;
  const logTo = values["log-to"] ?? 1;
  const wrongLog = await checkLog(logLevel, logTo);
  if (wrongLog !== undefined) {
    console.error(wrongLog.text);
    return end(wrongLog.code);
  }
  if (workers !== undefined && !values.roles) {
    if (workerNumber === undefined) {
      // Only a parent pays for loading what it needs to be one.
      const { runWorkers } = await import("../workers.ts");
      return runWorkers({ ...workers, logLevel, logTo });
    }
    giveSigns(signInterval(workers.patience));
  }
  const folder = configFolder(values.config);
  const services = await loadServices(values.actors, folder);
  if (values.roles) {
    for (const { name, about } of [...services.roles, ...services.actors]) console.log(`${name.padEnd(14)} ${about}`);
    return 0;
  }
  const chosen = choose(services, positionals);
  if (typeof chosen === "string") {
    console.error(chosen);
    return end(64);
  }
  let system: OpenSystem;
  try {
    system = await openSystem(services, {
      configFolder: folder,
      dataFolder: values.data,
      busAddress: values.bus,
      overrides: values.set ?? [],
      logLevel,
      logTo,
      isWorker: workerNumber !== undefined,
    });
  } catch (thrown) {
    return end(refuse(thrown));
  }
  const running: Running[] = [];
  try {
    for (const actor of chosen.actors) running.push(await hostActor(actor, system));
    for (const role of byDependence(chosen.roles)) running.push(await role.start(system));
  } catch (thrown) {
    await closeAll([system, ...running], system.log);
    return end(refuse(thrown));
  }
  const stopped = stopRequest();
  const reload = () => void system.config.reload();
  process.on("SIGHUP", () => {
    reopenLogs();
    reload();
  });
  // As Rspamd has it; without a listener Node would open its debugger.
  process.on("SIGUSR1", reopenLogs);
  const summary = summarise(chosen, running, system, folder);
  if (workerNumber === undefined) announce(summary, system);
  else {
    onOrder("reload", reload);
    onOrder("reopen", reopenLogs);
    tellReady(
      summary,
      running.reduce((sum, { longestClose = 0 }) => sum + longestClose, 0),
    );
  }
  await stopped;
  if (workerNumber === undefined) system.log.info("stopping: no new mail, running scans finish");
  return end(await closeAll([system, ...running], system.log));
}

/** A worker has a channel to its parent, which would keep it. */
function end(code: number): Promise<number> {
  return workerNumber === undefined ? Promise.resolve(code) : leave(code);
}

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"];

/** The log is opened late and written from then on: what cannot be is said now. */
async function checkLog(level: string, to: string | 1): Promise<{ text: string; code: number } | undefined> {
  if (!logLevels.includes(level)) {
    return { text: `sluice: --log ${level} is none of ${logLevels.join(", ")}`, code: 64 };
  }
  if (to === 1) return undefined;
  try {
    await (await open(to, "a")).close();
    return undefined;
  } catch (thrown) {
    const why = toFault(thrown).message;
    return { text: `sluice: cannot write the log ${to}: ${why}`, code: 69 };
  }
}

interface Chosen {
  readonly actors: readonly Actor[];
  readonly roles: readonly Role[];
}

function choose(services: Services, names: readonly string[]): Chosen | string {
  if (names.length === 0) return services;
  const all = [...services.roles, ...services.actors].map(({ name }) => name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) return `sluice: no role "${unknown}". There are: ${all.join(", ")}.`;
  return {
    actors: services.actors.filter(({ name }) => names.includes(name)),
    roles: services.roles.filter(({ name }) => names.includes(name)),
  };
}

/** Gateways last: they must not take mail before there is somebody to scan it, and the first to stop. */
function byDependence(roles: readonly Role[]): readonly Role[] {
  return [...roles].sort((a, b) => Number(b.name === "coordinator") - Number(a.name === "coordinator"));
}

function summarise(
  chosen: Chosen,
  running: readonly Running[],
  system: OpenSystem,
  folder: string | undefined,
): Summary {
  const checks = withConfigured(chosen.actors, system.config).flatMap((actor) => actor.checks);
  const symbols = checks.flatMap((check) => Object.keys(check.symbols));
  const { unsupported } = system.config.latest;
  return {
    listening: running.flatMap((part) => part.listening),
    roles: [...chosen.roles, ...chosen.actors].map(({ name }) => name),
    checks: checks.length,
    symbols: symbols.length,
    config: folder ?? "defaults",
    ...system.kept,
    ...(unsupported.length > 0 && {
      unsupported: unsupported.map((one) => `${one.name} (${place(one)})`),
    }),
  };
}

function announce(summary: Summary, { log }: OpenSystem): void {
  log.info({ pid: process.pid, ...summary }, "ready");
  sayHowToTry(summary, log);
}

function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    onOrder("stop", stop);
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      // The second signal ends a process of its own at once. Workers hear a signal to their group from the parent too.
      if (workerNumber === undefined) process.once(signal, stop);
      else process.on(signal, stop);
    }
  });
}

function refuse(thrown: unknown): number {
  const fault = toFault(thrown);
  console.error(`sluice: ${fault.message}`);
  return fault.code === "bad-config" ? 78 : 69;
}

const serve: Command = { about: "start the filter, or some of its roles", help, run };
export default serve;
