// Configuration and declarations, compiled once into what a scan looks things up in. A changed configuration is a new
// policy; scans that are running keep the one they started with.

import type { Actor } from "../../shared/actor.ts";
import type { Check, ConfigOf } from "../../shared/check.ts";
import { Fault } from "../../shared/fault.ts";
import { networksOf } from "../../shared/network.ts";
import type { BreakerLimits } from "./breaker.ts";
import { type Composites, compileComposites, type DeclaredSymbol } from "./composites.ts";
import type { config } from "./config.ts";
import { compileForceActions, type ForceRule } from "./force-actions.ts";
import type { MilterHeaders } from "./headers/config.ts";
import { opinionsOf } from "./opinions.ts";
import { ownSymbols } from "./own-symbols.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { Weights } from "./scores.ts";
import { compileSettings, type Settings } from "./settings.ts";
import type { Actions } from "./thresholds.ts";
import { makeWeights } from "./weights.ts";

export interface Policy {
  readonly actions: Actions;
  readonly weights: Weights;
  readonly composites: Composites;
  readonly settings: Settings;
  readonly forceRules: readonly ForceRule[];
  readonly milterHeaders: MilterHeaders;
  /** Checks whose failure defers the mail. */
  readonly required: ReadonlySet<string>;
  /** ms for a scan. */
  readonly timeout: number;
  readonly breaker: BreakerLimits;
  readonly logAddresses: boolean;
  /** Symbols that say what classifiers think. */
  readonly opinions: ReadonlySet<string>;
  /** Whether an address is one of our own networks. */
  isLocal(ip: string | undefined): boolean;
  /** The plan for the checks that are on; `key` names the combination. */
  planFor(key: string, isOn: (check: Check) => boolean): Plan;
}

/** Combinations of checks whose plans are kept. Settings come from operators, but the `Settings` header is free text. */
const keptPlans = 256;

/** `bad-config`: composites, forced actions and required checks that cannot be. Each message begins with the key. */
export function policyFaults(actors: readonly Actor[], values: ConfigOf<typeof config>): readonly Fault[] {
  return compile(actors, values).faults;
}

/** What takes time to read; what is wrong with it, in `faults`. */
function compile(actors: readonly Actor[], values: ConfigOf<typeof config>) {
  const declared = declaredSymbols(actors);
  const { composites, faults } = compileComposites(values.composites, declared);
  const forced = compileForceActions(values.force_actions.rules, values.actions);
  const checks = new Set(actors.flatMap((actor) => actor.checks.map(({ name }) => name)));
  const missing = values.options.required_checks.filter((name) => !checks.has(name));
  const unknown = missing.map((name) => new Fault("bad-config", `options.required_checks: there is no check ${name}`));
  return { declared, composites, forced, faults: [...faults, ...forced.faults, ...unknown] };
}

/** Throws the first of `policyFaults`. */
export function makePolicy(actors: readonly Actor[], values: ConfigOf<typeof config>): Policy {
  const { declared, composites, forced, faults } = compile(actors, values);
  for (const fault of faults) throw fault;
  const { options, actions, group } = values;
  const plans = new Map<string, Plan>();
  const made = composites.list.map(({ name, score, about, group }) => {
    return [name, { score, about, groups: [group], shots: 1, factor: 1 }] as const;
  });
  return {
    actions,
    weights: makeWeights(actors, group, actions.unknownWeight, new Map([...ownSymbols, ...made])),
    composites,
    settings: compileSettings(values.settings),
    forceRules: forced.rules,
    milterHeaders: values.milter_headers,
    required: new Set(options.required_checks),
    timeout: options.task_timeout,
    breaker: {
      failures: options.breaker_failures,
      window: options.breaker_window,
      pause: options.breaker_pause,
    },
    logAddresses: options.log_addresses,
    opinions: opinionsOf(declared, composites),
    isLocal: localTest(options.local_addrs),
    planFor(key, isOn) {
      const known = plans.get(key);
      if (known) return known;
      const plan = makePlan(actors, isOn);
      if (plans.size >= keptPlans) plans.delete(plans.keys().next().value ?? "");
      plans.set(key, plan);
      return plan;
    },
  };
}

function declaredSymbols(actors: readonly Actor[]): readonly DeclaredSymbol[] {
  return actors.flatMap((actor) =>
    actor.checks.flatMap(({ stage, group, symbols }) =>
      Object.entries(symbols).map(([name, spec]) => ({ name, stage, groups: [spec.group ?? group] })),
    ),
  );
}

function localTest(entries: readonly string[]): Policy["isLocal"] {
  const networks = networksOf(entries);
  if (networks instanceof Error) throw new Fault("bad-config", `options.local_addrs: ${networks.message}`);
  return (ip) => ip !== undefined && networks.has(ip);
}
