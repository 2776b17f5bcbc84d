// Forced actions: rules that set the action when a combination of symbols fired, whatever the score is. They run when
// the second pass of the composites is done.

import type { Hit, Result } from "../../shared/check.ts";
import type { FieldValue } from "../../shared/config/schema.ts";
import { flag, list, section, table, text } from "../../shared/config/schema.ts";
import type { Expression } from "../../shared/expression/expression.ts";
import { atoms, evaluate } from "../../shared/expression/expression.ts";
import { parse } from "../../shared/expression/parse.ts";
import type { SymbolAtom } from "../../shared/expression/symbol-atom.ts";
import { symbolSyntax } from "../../shared/expression/symbol-atom.ts";
import { Fault } from "../../shared/fault.ts";
import type { PresentSymbols } from "./present-symbols.ts";
import { holds } from "./present-symbols.ts";
import { type Actions, actionName, unknownAction } from "./thresholds.ts";

const ruleField = section("One rule; its key is its name.", {
  expression: text("", "Symbols, as in composites, without prefixes."),
  action: text("", "Action to take when the expression holds."),
  message: text("", "Text for the sending server."),
  subject: text("", "Template of the subject, with the action rewrite subject: %s subject, %d score."),
  require_action: list(text("", "An action."), [], "Only when the action would be one of these."),
  honor_action: list(text("", "An action."), [], "Not when the action would be one of these."),
  least: flag(false, "At least this action: a stronger one stays."),
  raw_message: flag(false, "Rspamd has it. Here a message is always sent as it is written."),
});

export type ForceRuleConfig = FieldValue<typeof ruleField>;

export const forceActionsConfig = {
  force_actions: section("Actions that do not come from the score.", {
    rules: table(ruleField, {}, "Rules by name. Every rule that holds has its say."),
  }),
};

export interface ForceRule {
  readonly name: string;
  readonly expression: Expression<SymbolAtom>;
  readonly result: Result;
  readonly subject: string;
  readonly required: ReadonlySet<string>;
  readonly honored: ReadonlySet<string>;
}

/** What a rule wants. */
export interface ForcedAction extends Result {
  /** "force_actions(NAME)". */
  readonly by: string;
  /** Template of the subject, when the rule has one. */
  readonly subject?: string;
  /** Shows in the verdict that the rule held. */
  readonly hit: Hit;
}

/** Above the results of checks, which are at 5 unless they say more: who forces an action wants it. */
const priority = 9;

/** Reads all rules; a rule that cannot be is left out, with a `bad-config` fault. */
export function compileForceActions(
  configs: Readonly<Record<string, ForceRuleConfig>>,
  actions: Actions,
): { readonly rules: readonly ForceRule[]; readonly faults: readonly Fault[] } {
  const rules: ForceRule[] = [];
  const faults: Fault[] = [];
  for (const [name, config] of Object.entries(configs)) {
    const rule = compileRule(name, config, actions);
    if (rule instanceof Fault) faults.push(rule);
    else rules.push(rule);
  }
  const isConditional = ({ required, honored }: ForceRule) => Number(required.size + honored.size > 0);
  rules.sort((a, b) => isConditional(a) - isConditional(b) || (a.name < b.name ? -1 : 1));
  return { rules, faults };
}

function compileRule(name: string, config: ForceRuleConfig, actions: Actions): ForceRule | Fault {
  const wrong = (key: string, problem: string) =>
    new Fault("bad-config", `force_actions.rules.${name}.${key}: ${problem}`);
  const expression = parse(config.expression, symbolSyntax);
  if (expression instanceof Fault) return wrong("expression", expression.message);
  const prefixed = atoms(expression).find((atom) => atom.prefix !== "");
  if (prefixed)
    return wrong("expression", `${prefixed.prefix}${prefixed.name}: a prefix means something in composites only`);
  if (config.action === "") return wrong("action", "is missing");
  for (const key of ["action", "require_action", "honor_action"] as const) {
    for (const named of [config[key]].flat()) {
      const problem = unknownAction(actionName(named), actions);
      if (problem !== undefined) return wrong(key, problem);
    }
  }
  if (config.message.includes("${")) return wrong("message", "selectors in messages are not supported");
  if (/[\x00-\x1f\x7f]/.test(config.message)) return wrong("message", "must have no line ends and control characters");
  const { message, subject, least } = config;
  const result: Result = {
    action: actionName(config.action),
    priority,
    ...(message === "" ? {} : { message }),
    ...(least ? { least } : {}),
  };
  return {
    name,
    expression,
    result,
    subject,
    required: new Set(config.require_action.map(actionName)),
    honored: new Set(config.honor_action.map(actionName)),
  };
}

/**
 * What the rules want of a message with these symbols. Rules without conditions have their say first, each kind in the
 * order of names; `actionWith` is the action that would be taken with what they want so far: a rule honours what another
 * one has forced.
 */
export function forceActions(
  rules: readonly ForceRule[],
  present: PresentSymbols,
  actionWith: (forced: readonly ForcedAction[]) => string,
): readonly ForcedAction[] {
  const forced: ForcedAction[] = [];
  for (const { name, expression, result, subject, required, honored } of rules) {
    if (evaluate(expression, (atom) => (holds(present, atom) ? 1 : 0)) === 0) continue;
    if (honored.size + required.size > 0) {
      const action = actionWith(forced);
      if (honored.has(action) || (required.size > 0 && !required.has(action))) continue;
    }
    const hit: Hit = { symbol: `FORCE_ACTION_${name}`, options: [result.action] };
    forced.push({ ...result, by: `force_actions(${name})`, hit, ...(subject === "" ? {} : { subject }) });
  }
  return forced;
}
