// One scan, from the request to the verdict: analyse once, ask the stages in their order, add up, decide.

import type { Bus, Call } from "../../shared/bus/bus.ts";
import { type Check, stages } from "../../shared/check.ts";
import type { Log } from "../../shared/log.ts";
import { type Analysis, analyse, plainMessage } from "../../shared/message/analyse.ts";
import { withClient } from "../../shared/message/border.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { answerMargin } from "../../shared/question.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { type Asking, askStage, type Progress } from "./ask.ts";
import type { Breaker } from "./breaker.ts";
import { isClosed, type Undecided } from "./closed.ts";
import { compose, conclude, force, settle, standing } from "./conclude.ts";
import { decide, endingResult, requiredScore } from "./decide.ts";
import { goesOut, outgoingOf, signingFindings, weighNothing } from "./departure.ts";
import { followUrls, mayFollow } from "./found-urls.ts";
import type { Plan, Question } from "./plan.ts";
import type { Policy } from "./policy.ts";
import { type AppliedSettings, chooseSettings } from "./settings.ts";
import { allOn, isSymbolOn } from "./settings-switches.ts";
import { isOn, planKey, type Terms, termsOf } from "./terms.ts";

export interface Surroundings {
  readonly bus: Bus;
  readonly log: Log;
  readonly breaker: Breaker;
  now(): number;
}

/** What is left to do when the verdict has gone out. */
export interface Aftermath {
  readonly terms: Terms;
  readonly plan: Plan;
  readonly progress: Progress;
  /** Keep the task out of history and log. */
  readonly noLog: boolean;
}

/** Scans a message. Faults only when nothing can be said of it; a mail server answers that with 451. */
export async function scan(
  request: ScanRequest,
  policy: Policy,
  around: Surroundings,
  { deadline, trace }: Pick<Call, "deadline" | "trace">,
): Promise<{ verdict: Verdict; aftermath: Aftermath }> {
  const started = performance.now();
  const facts = analyseRequest(request);
  const terms = termsOf(policy, settingsFor(request, facts, policy, around.log), request);
  const plan = policy.planFor(planKey(terms), (check) => isOn(terms, check));
  const progress: Progress = {
    id: request.id,
    envelope: withClient(request.envelope, facts.received),
    now: around.now(),
    // The verdict needs time to reach the gateway before the gateway gives up.
    deadline: Math.min(Date.now() + policy.timeout, deadline - answerMargin),
    trace,
    facts,
    hits: terms.settings.symbols.map(({ symbol }) => ({ symbol })),
    results: [],
    findings: {},
    failed: [],
    timings: [],
    answered: new Set(),
    hidden: new Set(),
    weightless: new Set(),
  };
  const asking = askingWith(terms, around);
  if (!terms.skip) await askStages(plan, progress, terms, asking);
  const settled = settle(terms, progress);
  if (!terms.skip && plan.stages.sign.length > 0 && goesOut(settled)) {
    progress.facts = { ...progress.facts, outgoing: outgoingOf(terms, progress, settled) };
    weighNothing(plan, progress);
    await askStage(plan.stages.sign, progress, asking, () => true);
  }
  const verdict = conclude(terms, progress, settled, signingFindings(plan, progress.findings), started);
  return { verdict, aftermath: { terms, plan, progress, noLog: terms.noLog } };
}

function analyseRequest(request: ScanRequest): Analysis {
  const { raw } = request.facts;
  return request.plain ? plainMessage(raw, defaultLimits, request.subject ?? null) : analyse(raw, defaultLimits);
}

function settingsFor(request: ScanRequest, facts: Analysis, policy: Policy, log: Log): AppliedSettings {
  const { envelope, clientIp, requestHeaders = {} } = request;
  const task = { envelope, clientIp, headers: facts.headers, local: policy.isLocal(envelope.ip), requestHeaders };
  const settings = chooseSettings(policy.settings, task, request);
  for (const problem of settings.problems) log.warn({ task: request.id }, problem);
  return settings;
}

function askingWith(terms: Terms, { bus, breaker, log }: Surroundings): Asking {
  const { switches } = terms.settings;
  const isSwitched = (symbol: string, check: string) =>
    isSymbolOn(switches, symbol, terms.weights.of(symbol).groups, check);
  return {
    bus,
    breaker,
    onBreak: (check, actor) => log.warn({ check, actor }, "check fails too often, not asked for a while"),
    isOn: switches === allOn ? () => true : isSwitched,
  };
}

async function askStages(plan: Plan, progress: Progress, terms: Terms, asking: Asking): Promise<void> {
  const noResult = () => endingResult(progress.results) === undefined;
  // With a grow factor a score depends on all others: then nothing is certain before the end.
  const canClose = terms.policy.actions.growFactor === 1;
  const closed = () => canClose && isClosed(standing(terms, progress), undecided(plan, progress, terms));
  const isOpen = (question: Question) => noResult() && (!question.heavy || terms.passAll || !closed());
  await askStage(plan.stages.pre, progress, asking, noResult);
  await askStage(plan.stages.filter, progress, asking, isOpen);
  await followUrls(plan, progress, asking, isOpen);
  await askStage(plan.stages.classify, progress, asking, isOpen);
  if (endingResult(progress.results)?.skip) return;
  compose(1, terms, progress);
  if (plan.stages.post.length > 0) {
    const { score, symbols } = standing(terms, progress);
    const required = requiredScore(terms.rules);
    const { action } = decide(score, terms.rules, progress.results);
    const scores = symbols.map(({ name, score }) => ({ name, score }));
    progress.facts = { ...progress.facts, standing: { score, required, action, symbols: scores } };
    await askStage(plan.stages.post, progress, asking, () => true);
  }
  compose(2, terms, progress);
  force(terms, progress);
}

function undecided(plan: Plan, progress: Progress, { policy, weights, rules }: Terms): Undecided {
  const { answered, facts } = progress;
  const pending: Check[] = [];
  for (const stage of stages) {
    // Neither says anything about the action.
    if (stage === "sign" || stage === "idle") continue;
    for (const question of plan.stages[stage]) {
      if (answered.has(question)) continue;
      const wanted = question.wanted(facts);
      for (const check of question.checks) if (wanted.includes(check.name)) pending.push(check);
    }
  }
  const left = plan.follow.filter((question) => !progress.answered.has(question));
  if (left.length > 0 && mayFollow(progress, pending)) pending.push(...left.flatMap(({ checks }) => checks));
  return { pending, composites: policy.composites, forceRules: policy.forceRules, weights, rules };
}
