// Opens what the services of one process share: configuration, log, bus, store, queue.

import { isDeepStrictEqual } from "node:util";
import type { Bus } from "../shared/bus/bus.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import { natsAccess } from "../shared/bus/nats-access.ts";
import { natsConfig } from "../shared/bus/nats-config.ts";
import { openRelay, type Relay } from "../shared/bus/relay.ts";
import { type OpenConfig, openConfig, type Reload } from "../shared/config/live.ts";
import type { Problem } from "../shared/config/problem.ts";
import { ensureFolder } from "../shared/ensure-folder.ts";
import { Fault, toFault } from "../shared/fault.ts";
import { type Log, openLog } from "../shared/log.ts";
import { openResolver } from "../shared/resolver.ts";
import type { System } from "../shared/role.ts";
import type { Store } from "../shared/store/store.ts";
import { configFolder } from "./folders.ts";
import { oddSettings } from "./odd-settings.ts";
import { openState, type State } from "./open-state.ts";
import type { Place } from "./place.ts";
import { declaredSymbols, loadServices, type Services, validateWith } from "./services.ts";

export interface SystemOptions {
  readonly configFolder: string | undefined;
  readonly dataFolder: string;
  /** Address of NATS servers; absent: everything is in this process. */
  readonly busAddress: string | undefined;
  readonly overrides: readonly string[];
  readonly logLevel: string;
  readonly logTo: string | 1 | 2;
  /** This process is one of several workers, whose parent carries events between them. */
  readonly isWorker?: boolean;
}

export interface OpenSystem extends System {
  readonly config: OpenConfig;
  readonly kept: State["kept"];
  close(): Promise<void>;
}

/** The system that a command works on by itself, beside the running filter: what the place says, without a bus. */
export async function openPlace({ config, data, set = [] }: Place, logLevel: string): Promise<OpenSystem> {
  const folder = configFolder(config);
  return openSystem(await loadServices([], folder), {
    configFolder: folder,
    dataFolder: data,
    busAddress: undefined,
    overrides: set,
    logLevel,
    logTo: 2,
  });
}

/** Faults with `bad-config`, `unavailable`. What was opened is closed again when something fails. */
export async function openSystem(services: Services, options: SystemOptions): Promise<OpenSystem> {
  const { isWorker = false } = options;
  const log = openLog({ level: options.logLevel, to: options.logTo, ...(isWorker ? { pid: process.pid } : {}) });
  const config = openConfig({
    ...(options.configFolder === undefined ? {} : { folder: options.configFolder }),
    sections: services.sections,
    symbols: declaredSymbols(services),
    validate: validateWith(services),
    warn: oddSettings,
    overrides: options.overrides,
    watch: true,
    onReload: (reload) => logReload(reload, log),
    onFailure: (err) => log.error({ err }, "a service could not take the new configuration"),
  });
  logProblems([...config.latest.problems, ...(services.rules?.problems ?? [])], log);
  const rules = services.rules?.follow(config, (problems) => logProblems(problems, log));
  makeDataFolder(options.dataFolder);
  const state = await openState(config, options.dataFolder, log);
  const { store, queue, kept } = state;
  const resolver = openResolver({ config, log });
  const bus = await openBus(options.busAddress, config, store, log, isWorker ? openRelay() : undefined);
  return {
    config,
    bus,
    store,
    queue,
    kept,
    resolver,
    log,
    actors: services.actors,
    now: Date.now,
    async close() {
      rules?.close();
      config.close();
      await bus.close();
      resolver.close();
      await state.close();
      log.flush();
    },
  };
}

async function openBus(
  address: string | undefined,
  config: OpenConfig,
  blobs: Store,
  log: Log,
  relay: Relay | undefined,
): Promise<Bus> {
  if (address === undefined) return openLocalBus(relay === undefined ? { log } : { log, relay });
  const { nats } = config.get(natsConfig);
  config.onChange(() => {
    if (isDeepStrictEqual(config.get(natsConfig).nats, nats)) return;
    log.warn("what changed in the section nats counts from the next start");
  });
  const { servers, access } = natsAccess(address.split(","), nats);
  // Only a process that needs NATS pays for loading it.
  const { openNatsBus } = await import("../shared/bus/nats.ts");
  return openNatsBus({ servers, access, prefix: nats.prefix, name: "sluice", log, blobs });
}

function logProblems(problems: readonly Problem[], log: Log): void {
  for (const { severity, file, line, message, nearest } of problems) {
    log[severity === "error" ? "error" : "warn"]({ file, line, nearest }, message);
  }
}

function logReload({ accepted, problems }: Reload, log: Log): void {
  logProblems(problems, log);
  if (accepted) log.info("configuration read again");
  else log.error("the changed configuration has errors: the one before stays in force");
}

function makeDataFolder(folder: string): void {
  try {
    ensureFolder(folder, 0o750);
  } catch (thrown) {
    throw new Fault("unavailable", `the data folder cannot be made: ${toFault(thrown).message}`, thrown);
  }
}
