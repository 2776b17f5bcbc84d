// The end of a scan: from what the checks said to the verdict.

import type { Hit } from "../../shared/check.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import type { Progress } from "./ask.ts";
import { applyComposites, type Pass } from "./composites.ts";
import { decide, type NamedResult, requiredScore } from "./decide.ts";
import type { Policy } from "./policy.ts";
import { grow, type Scored, score } from "./scores.ts";

/** Scores as they stand. */
export function standing(policy: Policy, progress: Progress): Scored {
  return score(progress.hits, policy.weights, progress);
}

/** Runs the composites of a pass and takes note of what they add and take away. */
export function compose(pass: Pass, policy: Policy, progress: Progress): void {
  const { added, hidden, weightless } = applyComposites(policy.composites, pass, progress.hits, policy.weights.of);
  progress.hits.push(...added);
  for (const symbol of hidden) progress.hidden.add(symbol);
  for (const symbol of weightless) progress.weightless.add(symbol);
}

/** A failed check is seen in the verdict, and a required one defers the mail: no answer is never a pass. */
function failures(policy: Policy, progress: Progress): { hits: readonly Hit[]; results: readonly NamedResult[] } {
  if (progress.failed.length === 0) return { hits: [], results: [] };
  const options = progress.failed.map(({ check, code }) => `${check}:${code}`);
  const missing = progress.failed.find(({ check }) => policy.required.has(check));
  return {
    hits: [{ symbol: "CHECK_FAILED", options }],
    results: missing
      ? [{ action: "soft reject", message: "Try again later", priority: 10, by: missing.check }]
      : [],
  };
}

export function conclude(request: ScanRequest, policy: Policy, progress: Progress, started: number): Verdict {
  const { rules, growFactor } = policy.actions;
  const failed = failures(policy, progress);
  progress.hits.push(...failed.hits);
  const required = requiredScore(rules);
  const limit = rules.reduce((highest, rule) => Math.max(highest, rule.threshold ?? 0), 0);
  const scored = grow(standing(policy, progress), growFactor, limit);
  const decision = decide(scored.score, rules, [...progress.results, ...failed.results]);
  const { facts } = progress;
  return {
    id: request.id,
    action: decision.action,
    score: decision.score,
    required,
    thresholds: Object.fromEntries(
      rules.flatMap(({ name, threshold }) => (threshold === null ? [] : [[name, threshold] as const])),
    ),
    symbols: scored.symbols,
    groups: scored.groups,
    skipped: request.skip === true || progress.results.some((result) => result.skip),
    ...(decision.by === undefined ? {} : { decidedBy: decision.by }),
    ...(decision.message === undefined ? {} : { message: decision.message }),
    messageId: facts.headers?.messageId ?? "",
    urls: facts.urls ?? [],
    emails: [...new Set((facts.emails ?? []).map((email) => email.address))],
    changes: { addHeaders: [], removeHeaders: [], dkimSignatures: [] },
    failed: progress.failed,
    timings: progress.timings,
    elapsed: performance.now() - started,
    size: facts.structure?.size ?? 0,
  };
}
