// From score and results to the action.

import type { Result } from "../../shared/check.ts";

/** A result and the check or rule that it came from. */
export interface NamedResult extends Result {
  readonly by: string;
}

/** An action that can be chosen. Without a threshold only a result leads to it. */
export interface ActionRule {
  readonly name: string;
  readonly threshold: number | null;
}

export interface Decision {
  readonly action: string;
  readonly score: number;
  readonly by?: string;
  readonly message?: string;
}

/** Which of two results has its way. Custom actions count as accepted mail. */
const strength: Readonly<Record<string, number>> = {
  reject: 8,
  discard: 7,
  quarantine: 6,
  "soft reject": 5,
  "rewrite subject": 4,
  "add header": 3,
  greylist: 2,
  "no action": 0,
};
const customStrength = 1;

const strengthOf = (action: string): number => strength[action] ?? customStrength;

/** The threshold from which mail is refused, or the highest there is; 0 when no action has one. */
export function requiredScore(rules: readonly ActionRule[]): number {
  const reject = rules.find((rule) => rule.name === "reject" && rule.threshold !== null);
  if (reject) return reject.threshold ?? 0;
  return rules.reduce((highest, rule) => Math.max(highest, rule.threshold ?? 0), 0);
}

/** The action with the highest threshold that the score reaches; "no action" when it reaches none. */
export function actionFor(score: number, rules: readonly ActionRule[]): string {
  let chosen: ActionRule | undefined;
  for (const rule of rules) {
    if (rule.threshold === null || score < rule.threshold) continue;
    if (chosen?.threshold === undefined || chosen.threshold === null || rule.threshold >= chosen.threshold)
      chosen = rule;
  }
  return chosen?.name ?? "no action";
}

/** The result that ends a scan, if there is one: the highest priority, then the strongest action, then the first by name. */
export function endingResult(results: readonly NamedResult[]): NamedResult | undefined {
  return results
    .filter((result) => !result.least)
    .sort((a, b) => (b.priority ?? 5) - (a.priority ?? 5) || byStrength(a, b))[0];
}

function byStrength(a: NamedResult, b: NamedResult): number {
  return strengthOf(b.action) - strengthOf(a.action) || (a.by < b.by ? -1 : a.by > b.by ? 1 : 0);
}

/** Actions that nobody configured cannot be chosen: an operator who switched greylisting off does not want it. */
const possible = (rules: readonly ActionRule[]) => (result: NamedResult) =>
  result.action === "no action" || rules.some((rule) => rule.name === result.action);

/**
 * What ends a scan decides; else the score, as "at least" raises it (R 4.3): to the threshold of its action, or, where that
 * has none, to the action itself unless the mail is refused anyway.
 */
export function decide(score: number, rules: readonly ActionRule[], results: readonly NamedResult[]): Decision {
  const allowed = results.filter(possible(rules));
  const ending = endingResult(allowed);
  if (ending) return ended(ending, score, rules);
  const byScore = actionFor(score, rules);
  const raises = (result: NamedResult) => {
    const floor = floorOf(result, rules);
    return floor === null ? byScore !== "reject" && byScore !== "discard" : floor > score;
  };
  const least = allowed.filter((result) => result.action !== "no action" && raises(result)).sort(byStrength)[0];
  if (!least) return { action: byScore, score };
  const floor = floorOf(least, rules) ?? score;
  return { action: least.action, score: Math.max(score, floor), by: least.by, ...messageOf(least) };
}

/** The score that a result of "at least" stands for; null when no score leads to its action. */
function floorOf(result: NamedResult, rules: readonly ActionRule[]): number | null {
  return result.score ?? rules.find((rule) => rule.name === result.action)?.threshold ?? null;
}

function ended(result: NamedResult, score: number, rules: readonly ActionRule[]): Decision {
  const threshold = rules.find((rule) => rule.name === result.action)?.threshold ?? score;
  const target = result.score ?? (result.skip ? threshold : score);
  // "no action" never makes a message look worse than it is.
  const shown = result.action === "no action" ? Math.min(score, target) : target;
  return { action: result.action, score: shown, by: result.by, ...messageOf(result) };
}

function messageOf(result: Result): { message?: string } {
  return result.message === undefined ? {} : { message: result.message };
}
