// Finds the services by reading their folder: an actor is a folder with actor.ts, a role one with role.ts.

import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ownSymbols } from "../services/coordinator/own-symbols.ts";
import type { Actor } from "../shared/actor.ts";
import { natsFaults } from "../shared/bus/nats-access.ts";
import { natsConfig } from "../shared/bus/nats-config.ts";
import type { Sections } from "../shared/check.ts";
import type { LiveConfig } from "../shared/config/live.ts";
import { clashes, symbolNames } from "../shared/configured.ts";
import { Fault } from "../shared/fault.ts";
import { optionsConfig } from "../shared/options.ts";
import { redisConfig } from "../shared/redis/config.ts";
import { validatePlaces } from "../shared/redis/place.ts";
import type { Role } from "../shared/role.ts";
import { openRules, type Rules } from "./rules.ts";

export interface Services {
  readonly actors: readonly Actor[];
  readonly roles: readonly Role[];
  /** Every section of configuration that one of them declares. The object stays the same when rules change. */
  readonly sections: Sections;
  /** Of the configuration folder, when there is one; its actor is among the actors. */
  readonly rules?: Rules;
}

const own = join(import.meta.dirname, "../services");

/**
 * `further` are folders of actors that are not Sluice's own; `configFolder` is looked at for rules.d. Faults with
 * `bad-config` when a folder has no actor.ts; what is wrong with rules is in `rules.problems`.
 */
export async function loadServices(further: readonly string[] = [], configFolder?: string): Promise<Services> {
  const actors: Actor[] = [];
  const roles: Role[] = [];
  for (const name of readdirSync(own).sort()) {
    const actor = await load<Actor>(join(own, name, "actor.ts"));
    const role = await load<Role>(join(own, name, "role.ts"));
    if (actor) actors.push(actor);
    if (role) roles.push(role);
  }
  for (const folder of further) {
    const actor = await load<Actor>(resolve(folder, "actor.ts"));
    if (!actor) throw new Fault("bad-config", `${folder} has no actor.ts`);
    actors.push(actor);
  }
  const sections = unite([
    { name: "sluice", config: { ...optionsConfig, ...redisConfig, ...natsConfig } },
    ...actors,
    ...roles,
  ]);
  if (configFolder === undefined) return { actors, roles, sections };
  const rules = await openRules(configFolder, actors, sections);
  return { actors: [...actors, rules.actor], roles, sections, rules };
}

async function load<Declaration>(file: string): Promise<Declaration | undefined> {
  if (!existsSync(file)) return undefined;
  const loaded: { default: Declaration } = await import(pathToFileURL(file).href);
  return loaded.default;
}

function unite(
  declarations: readonly { readonly name: string; readonly config: Sections }[],
): Record<string, Sections[string]> {
  const sections: Record<string, Sections[string]> = {};
  for (const { name, config } of declarations) {
    for (const [key, section] of Object.entries(config)) {
      if (sections[key] !== undefined && sections[key] !== section) {
        throw new Fault(
          "bad-config",
          `the section "${key}" is declared twice; ${name} must share the first declaration`,
        );
      }
      sections[key] = section;
    }
  }
  return sections;
}

type Values = Pick<LiveConfig, "get">;

/** What is wrong with values that are each right, taken together: what `load` wants to know. */
export function validateWith({ roles, actors }: Services): (config: Values) => readonly Fault[] {
  return (config) => [
    ...validatePlaces(config.get(redisConfig).redis),
    ...natsFaults(config.get(natsConfig).nats),
    ...clashes(actors, config),
    ...roles.flatMap((role) => role.validate?.(config, actors) ?? []),
  ];
}

/** Every symbol that is raised, and every check, which settings switch by its name too: what `load` wants to know. */
export function declaredSymbols({ actors }: Services): (config: Values) => ReadonlySet<string> {
  const checks = actors.flatMap((actor) => actor.checks.map(({ name }) => name));
  return (config) => new Set([...symbolNames(actors, config), ...checks, ...ownSymbols.keys()]);
}
