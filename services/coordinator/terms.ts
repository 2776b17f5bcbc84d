// The terms of one scan: the policy, with what settings change of it for this message.

import type { Check } from "../../shared/check.ts";
import type { ActionRule } from "./decide.ts";
import type { Policy } from "./policy.ts";
import type { Weights } from "./scores.ts";
import { type AppliedSettings, noSettings } from "./settings.ts";
import { isCheckOn } from "./settings-switches.ts";

export interface Terms {
  readonly policy: Policy;
  readonly settings: AppliedSettings;
  readonly rules: readonly ActionRule[];
  readonly weights: Weights;
  /** Ask every check, however clear the case is. */
  readonly passAll: boolean;
  /** Look at nothing. */
  readonly skip: boolean;
  /** Keep the task out of history and log. */
  readonly noLog: boolean;
  /** The message has no headers and structure: checks that read headers or hops are off. */
  readonly plain: boolean;
}

export interface Wishes {
  readonly passAll?: boolean;
  readonly skip?: boolean;
  readonly noLog?: boolean;
  readonly plain?: boolean;
}

export function termsOf(policy: Policy, settings: AppliedSettings, wishes: Wishes): Terms {
  const { flags } = settings;
  const untouched = settings === noSettings;
  return {
    policy,
    settings,
    rules: untouched ? policy.actions.rules : changedRules(policy.actions.rules, settings.actions),
    weights: untouched ? policy.weights : changedWeights(policy.weights, scoresOf(settings)),
    passAll: wishes.passAll === true || flags.has("pass_all"),
    skip: wishes.skip === true || settings.skip || flags.has("skip"),
    noLog: wishes.noLog === true || flags.has("no_log"),
    plain: wishes.plain === true,
  };
}

/** Names the combination of checks that are on: equal keys have equal plans. */
export function planKey({ settings, plain }: Terms): string {
  return plain ? `plain ${settings.key}` : settings.key;
}

export function isOn({ settings, plain }: Terms, check: Check): boolean {
  if (check.off) return false;
  if (plain && (check.reads.includes("headers") || check.reads.includes("received"))) return false;
  return isCheckOn(settings.switches, check);
}

function changedRules(
  rules: readonly ActionRule[],
  actions: Readonly<Record<string, number | null>>,
): readonly ActionRule[] {
  const kept = rules.filter(({ name }) => actions[name] === undefined);
  const changed = Object.entries(actions).flatMap(([name, threshold]) =>
    threshold === null ? [] : { name, threshold },
  );
  return [...kept, ...changed];
}

function scoresOf({ scores, symbols }: AppliedSettings): Readonly<Record<string, number>> {
  const forced = symbols.flatMap(({ symbol, score }) => (score === undefined ? [] : [[symbol, score] as const]));
  return { ...scores, ...Object.fromEntries(forced) };
}

function changedWeights(weights: Weights, scores: Readonly<Record<string, number>>): Weights {
  const changed = new Map(Object.entries(scores));
  if (changed.size === 0) return weights;
  return {
    ...weights,
    of(symbol) {
      const known = weights.of(symbol);
      const score = changed.get(symbol);
      return score === undefined ? known : { ...known, score };
    },
  };
}
