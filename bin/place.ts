// Where a command that is no client of the running filter works: which configuration, which data.

import { type LiveConfig, loadConfig } from "../shared/config/live.ts";
import type { Problem } from "../shared/config/problem.ts";
import { configFolder, defaultDataFolder } from "./folders.ts";
import { loadServices, type Services } from "./services.ts";

/** For parseArgs. */
export const placeOptions = {
  config: { type: "string" },
  set: { type: "string", multiple: true },
  data: { type: "string", default: defaultDataFolder },
} as const;

/** What these options say. */
export interface Place extends ConfigPlace {
  readonly data: string;
}

interface ConfigPlace {
  readonly config?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly actors?: readonly string[] | undefined;
}

export interface Configured {
  readonly services: Services;
  readonly config: LiveConfig;
  readonly problems: readonly Problem[];
}

/** Reads the configuration once. Faults with `bad-config` when there is no such folder; other problems are told. */
export async function readConfig({ config: given, set, actors }: ConfigPlace): Promise<Configured> {
  const folder = configFolder(given);
  const services = await loadServices(actors, folder);
  const { config, problems } = loadConfig({ folder, sections: services.sections, overrides: set });
  return { services, config, problems };
}
