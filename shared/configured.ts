// What checks declare once configuration has had its say: it may name further symbols, and may leave a check nothing to
// do. Everybody who asks for declared symbols asks for them through this.

import type { Actor } from "./actor.ts";
import type { Check } from "./check.ts";
import type { LiveConfig } from "./config/live.ts";
import { Fault } from "./fault.ts";

/** The actors with the symbols that this configuration names. Ask again after each change of it. */
export function withConfigured(actors: readonly Actor[], config: Pick<LiveConfig, "get">): readonly Actor[] {
  return actors.map((actor) => {
    if (!actor.checks.some(({ configured }) => configured)) return actor;
    return { ...actor, checks: actor.checks.map((check) => configuredCheck(check, config)) };
  });
}

function configuredCheck(check: Check, config: Pick<LiveConfig, "get">): Check {
  if (!check.configured) return check;
  const named = check.configured(config.get(check.config));
  if (named === null) return { ...check, off: true };
  return { ...check, symbols: { ...check.symbols, ...named } };
}

/** Every symbol that some check raises under this configuration. */
export function symbolNames(actors: readonly Actor[], config: Pick<LiveConfig, "get">): ReadonlySet<string> {
  const checks = withConfigured(actors, config).flatMap((actor) => actor.checks);
  return new Set(checks.flatMap((check) => Object.keys(check.symbols)));
}

/** `bad-config`: names in configuration that another check raises already. Each message begins with the key. */
export function clashes(actors: readonly Actor[], config: Pick<LiveConfig, "get">): readonly Fault[] {
  const checks = actors.flatMap((actor) => actor.checks);
  const owners = new Map(checks.flatMap((check) => Object.keys(check.symbols).map((symbol) => [symbol, check.name])));
  const faults: Fault[] = [];
  for (const check of checks) {
    const named = check.configured?.(config.get(check.config)) ?? {};
    for (const [symbol, { key }] of Object.entries(named)) {
      const owner = owners.get(symbol);
      if (owner !== undefined) faults.push(new Fault("bad-config", `${key}: ${owner} raises this symbol already`));
      else owners.set(symbol, check.name);
    }
  }
  return faults;
}
