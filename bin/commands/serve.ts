import { parseArgs } from "node:util";
import type { Actor } from "../../shared/actor.ts";
import { toFault } from "../../shared/fault.ts";
import { hostActor } from "../../shared/host.ts";
import type { Role, Running } from "../../shared/role.ts";
import type { Command } from "../command.ts";
import { configFolder, defaultDataFolder } from "../folders.ts";
import { type OpenSystem, openSystem } from "../open-system.ts";
import { loadServices, type Services } from "../services.ts";

const help = `sluice serve [ROLE...] [OPTIONS]

Starts the filter. Without a ROLE everything runs in this process and nothing else is needed. With roles, and a bus
that connects the processes, each can run where you like: 'sluice serve http coordinator --bus nats://127.0.0.1:4222'.
'sluice serve --roles' prints the roles that there are.

  --config DIR      configuration: sluice.conf, local.d/, override.d/   (default: /etc/sluice when it is there)
  --data DIR        where state lies                        (default: /var/lib/sluice when root, else ./data)
  --bus URL[,URL]   NATS servers that carry questions between processes      (default: none, all in one process)
  --actors DIR      the folder of an actor of your own; may be repeated. Every process must be told of it
  --set KEY=VALUE   a value of the configuration, e.g. --set actions.reject=12; may be repeated
  --log LEVEL       trace, debug, info, warn, error, silent                                   (default: info)
  --log-to FILE     default: standard output
  --roles           print the roles and stop

Stops on SIGTERM or SIGINT: takes no new mail, finishes what is being scanned, then ends.
Exit codes: 0 stopped on request, 64 wrong usage, 69 a server or port is not available, 78 wrong configuration.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      data: { type: "string" },
      bus: { type: "string" },
      actors: { type: "string", multiple: true },
      set: { type: "string", multiple: true },
      log: { type: "string", default: "info" },
      "log-to": { type: "string" },
      roles: { type: "boolean" },
    },
  });
  const services = await loadServices(values.actors);
  if (values.roles) {
    for (const { name, about } of [...services.roles, ...services.actors]) console.log(`${name.padEnd(14)} ${about}`);
    return 0;
  }
  const chosen = choose(services, positionals);
  if (typeof chosen === "string") {
    console.error(chosen);
    return 64;
  }
  let system: OpenSystem;
  try {
    system = await openSystem(services, {
      configFolder: configFolder(values.config),
      dataFolder: values.data ?? defaultDataFolder,
      busAddress: values.bus,
      overrides: values.set ?? [],
      logLevel: values.log,
      logTo: values["log-to"] ?? 1,
    });
  } catch (thrown) {
    return refuse(thrown);
  }
  const running: Running[] = [];
  try {
    for (const actor of chosen.actors) running.push(await hostActor(actor, system));
    for (const role of byDependence(chosen.roles)) running.push(await role.start(system));
  } catch (thrown) {
    for (const part of running.reverse()) await part.close();
    await system.close();
    return refuse(thrown);
  }
  announce(chosen, running, system, configFolder(values.config));
  await stopRequest();
  system.log.info("stopping: no new mail, running scans finish");
  for (const part of running.reverse()) await part.close();
  await system.close();
  return 0;
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

function announce(chosen: Chosen, running: readonly Running[], system: OpenSystem, folder: string | undefined): void {
  const checks = chosen.actors.flatMap((actor) => actor.checks);
  const symbols = checks.flatMap((check) => Object.keys(check.symbols));
  const { unsupported } = system.config.latest;
  system.log.info(
    {
      pid: process.pid,
      listening: running.flatMap((part) => part.listening),
      roles: [...chosen.roles, ...chosen.actors].map(({ name }) => name),
      checks: checks.length,
      symbols: symbols.length,
      config: folder ?? "defaults",
      unsupported:
        unsupported.length === 0 ? undefined : unsupported.map(({ name, file, line }) => `${name} (${file}:${line})`),
    },
    "ready",
  );
  const http = running.flatMap((part) => part.listening).find((address) => address.startsWith("http://"));
  if (http) system.log.info(`try: curl --data-binary @mail.eml ${http}/checkv2, or: bin/sluice scan mail.eml`);
}

function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
  });
}

function refuse(thrown: unknown): number {
  const fault = toFault(thrown);
  console.error(`sluice: ${fault.message}`);
  return fault.code === "bad-config" ? 78 : 69;
}

const serve: Command = { about: "start the filter, or some of its roles", help, run };
export default serve;
