// The end of a scan: from what the checks said to the verdict.

import { hostname } from "node:os";
import type { Hit } from "../../shared/check.ts";
import type { Standing } from "../../shared/task.ts";
import type { AuthenticationResult, Changes, Verdict } from "../../shared/verdict.ts";
import type { Progress } from "./ask.ts";
import { applyComposites, type Pass } from "./composites.ts";
import { type Contributions, contributions } from "./contributions.ts";
import { type ActionRule, type Decision, decide, type NamedResult, requiredScore } from "./decide.ts";
import { type ForcedAction, forceActions } from "./force-actions.ts";
import { foundUrls } from "./found-urls.ts";
import { headerChanges } from "./headers/changes.ts";
import { presentSymbols } from "./present-symbols.ts";
import { grow, round, type Scored, score } from "./scores.ts";
import { isSymbolOn } from "./settings-switches.ts";
import { rewriteSubject } from "./subject.ts";
import type { Terms } from "./terms.ts";

/** Scores as they stand. */
export function standing(terms: Terms, progress: Progress): Scored {
  const { hits, hidden, weightless, scored } = progress;
  // Hits only come, and are only taken away: as long as there are as many of each, they are the same.
  const extent = hits.length + hidden.size + weightless.size;
  if (scored?.extent === extent) return scored;
  progress.scored = { ...score(hits, terms.weights, progress), extent };
  return progress.scored;
}

/** Runs the composites of a pass and takes note of what they add and take away. */
export function compose(pass: Pass, { policy, weights, settings }: Terms, progress: Progress): void {
  const { composites } = policy;
  const isOff = (composite: { name: string; group: string }) =>
    !isSymbolOn(settings.switches, composite.name, [composite.group]);
  const { added, hidden, weightless } = applyComposites(composites, pass, progress.hits, weights.of, isOff);
  progress.hits.push(...added);
  for (const symbol of hidden) progress.hidden.add(symbol);
  for (const symbol of weightless) progress.weightless.add(symbol);
}

/** Lets the forced actions have their say. */
export function force(terms: Terms, progress: Progress): void {
  const { forceRules } = terms.policy;
  if (forceRules.length === 0) return;
  const { score } = standing(terms, progress);
  const present = presentSymbols(progress.hits, terms.weights.of);
  const actionWith = (forced: readonly ForcedAction[]) =>
    decide(score, terms.rules, [...progress.results, ...forced]).action;
  for (const forced of forceActions(forceRules, present, actionWith)) {
    progress.hits.push(forced.hit);
    progress.results.push(forced);
  }
}

/** A failed check is seen in the verdict, and a required one defers the mail: no answer is never a pass. */
function noteFailures({ policy }: Terms, { failed, hits, results }: Progress, seen: number): void {
  if (failed.length === seen) return;
  const news = failed.slice(seen);
  hits.push({ symbol: "CHECK_FAILED", options: news.map(({ check, code }) => `${check}:${code}`) } satisfies Hit);
  const missing = news.find(({ check }) => policy.required.has(check));
  if (!missing) return;
  results.push({ action: "soft reject", message: "Try again later", priority: 10, by: missing.check });
}

/** Asked once: the system is slow to tell. */
const ownName = hostname();

/** What is certain before a message is signed, for signatures cover what becomes of it. */
export interface Settled {
  readonly decision: Decision;
  readonly changes: Changes;
  /** Rewritten subject. */
  readonly subject?: string;
  /** For the header Authentication-Results, whether there is one or not. */
  readonly authentication: readonly AuthenticationResult[];
  /** Checks that have failed so far. */
  readonly failures: number;
}

/** Decides, and says what is to change of the message. */
export function settle(terms: Terms, progress: Progress): Settled {
  noteFailures(terms, progress, 0);
  const [scored, decision] = decided(terms, progress);
  const contributed = contributions(progress.findings);
  return {
    decision,
    changes: changesOf(terms, progress, scored, decision, contributed),
    ...(decision.action === "rewrite subject" ? { subject: newSubject(terms, progress, decision) } : {}),
    authentication: contributed.authentication,
    failures: progress.failed.length,
  };
}

/** What checks of the stage `sign` may ask for; anything else would break what they have signed. */
function signed(changes: Changes, findings: Readonly<Record<string, unknown>>): Changes {
  const { addHeaders, dkimSignatures } = contributions(findings).changes;
  if (addHeaders.length + dkimSignatures.length === 0) return changes;
  return {
    ...changes,
    addHeaders: [...changes.addHeaders, ...addHeaders],
    dkimSignatures: [...dkimSignatures, ...changes.dkimSignatures],
  };
}

function decided(terms: Terms, progress: Progress): readonly [Scored, Decision] {
  const scored = grown(terms, standing(terms, progress));
  return [scored, decide(scored.score, terms.rules, progress.results)];
}

function grown({ rules, policy }: Terms, scored: Scored): Scored {
  const limit = rules.reduce((highest, rule) => Math.max(highest, rule.threshold ?? 0), 0);
  return grow(scored, policy.actions.growFactor, limit);
}

/** A verdict as it would be had classifiers said nothing; the action is the one that was taken. */
export function withoutOpinions(
  { score: given, required, action }: Verdict,
  terms: Terms,
  progress: Progress,
): Standing {
  const { hits, hidden } = progress;
  const weightless = new Set([...progress.weightless, ...terms.policy.opinions]);
  const without = grown(terms, score(hits, terms.weights, { hidden, weightless }));
  const [scored] = decided(terms, progress);
  return {
    score: round(given - scored.score + without.score),
    required,
    action,
    symbols: without.symbols.map(({ name, score }) => ({ name, score })),
  };
}

/** `started` is on the clock of `performance`; `signing` are the findings of the stage `sign`. */
export function conclude(
  terms: Terms,
  progress: Progress,
  settled: Settled,
  signing: Readonly<Record<string, unknown>>,
  started: number,
): Verdict {
  const { rules, settings } = terms;
  noteFailures(terms, progress, settled.failures);
  const [scored, decision] = decided(terms, progress);
  const { facts } = progress;
  const message = decision.message ?? settings.messages.smtp_message;
  return {
    id: progress.id,
    action: decision.action,
    score: decision.score,
    required: requiredScore(rules),
    thresholds: thresholdsOf(rules),
    symbols: scored.symbols,
    groups: scored.groups,
    skipped: terms.skip || progress.results.some((result) => result.skip),
    ...(decision.by === undefined ? {} : { decidedBy: decision.by }),
    ...(message === undefined ? {} : { message }),
    ...(settled.subject === undefined || decision.action !== "rewrite subject" ? {} : { subject: settled.subject }),
    messageId: facts.headers.messageId ?? "",
    urls: [...facts.urls, ...foundUrls(progress.findings, facts.urls)],
    emails: [...new Set(facts.emails.map((email) => email.address))],
    changes: signed(settled.changes, signing),
    failed: progress.failed,
    timings: progress.timings,
    elapsed: performance.now() - started,
    size: facts.structure.size,
  };
}

/** The rules of a policy are the same list for all its mails. */
const known = new WeakMap<readonly ActionRule[], Verdict["thresholds"]>();

function thresholdsOf(rules: readonly ActionRule[]): Verdict["thresholds"] {
  let thresholds = known.get(rules);
  if (thresholds === undefined) {
    const set = rules.flatMap(({ name, threshold }) => (threshold === null ? [] : [[name, threshold] as const]));
    thresholds = Object.fromEntries(set);
    known.set(rules, thresholds);
  }
  return thresholds;
}

function newSubject({ settings, policy }: Terms, { facts, results }: Progress, decision: Decision): string {
  const isForced = (result: NamedResult | ForcedAction): result is ForcedAction => "subject" in result;
  const forced = results.filter(isForced).find(({ by }) => by === decision.by)?.subject;
  const template = forced ?? settings.subject ?? policy.actions.subject;
  return rewriteSubject(template, facts.headers.subject, decision.score);
}

function changesOf(
  terms: Terms,
  progress: Progress,
  { symbols }: Scored,
  decision: Decision,
  contributed: Contributions,
): Changes {
  const { policy, rules, settings } = terms;
  const { envelope, facts } = progress;
  const { by: decidedBy, message } = decision;
  const changes = headerChanges(
    policy.milterHeaders,
    {
      envelope,
      headers: facts.headers,
      action: decision.action,
      score: decision.score,
      required: requiredScore(rules),
      symbols,
      ...(decidedBy === undefined ? {} : { decidedBy }),
      ...(message === undefined ? {} : { message }),
      local: policy.isLocal(envelope.ip),
      hostname: ownName,
      authentication: contributed.authentication,
    },
    settings.plugins.milter_headers,
  );
  return {
    ...contributed.changes,
    addHeaders: [...settings.addHeaders, ...changes.addHeaders, ...contributed.changes.addHeaders],
    removeHeaders: [...settings.removeHeaders, ...changes.removeHeaders, ...contributed.changes.removeHeaders],
  };
}
