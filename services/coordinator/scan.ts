// One scan, from the request to the verdict: analyse once, ask the stages in their order, add up, decide.

import type { Bus } from "../../shared/bus/bus.ts";
import type { Log } from "../../shared/log.ts";
import { type Analysis, analyse, plainMessage } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { type Asking, askStage, type Progress } from "./ask.ts";
import type { Breaker } from "./breaker.ts";
import { isClosed, type Undecided } from "./closed.ts";
import { compose, conclude, standing } from "./conclude.ts";
import { decide, endingResult, requiredScore } from "./decide.ts";
import type { Plan, Question } from "./plan.ts";
import type { Policy } from "./policy.ts";

export interface Surroundings {
  readonly bus: Bus;
  readonly log: Log;
  readonly breaker: Breaker;
  now(): number;
}

/** What is left to do when the verdict has gone out. */
export interface Aftermath {
  readonly plan: Plan;
  readonly progress: Progress;
}

/** Scans a message. Faults only when nothing can be said of it; a mail server answers that with 451. */
export async function scan(
  request: ScanRequest,
  policy: Policy,
  around: Surroundings,
  trace: string | undefined,
): Promise<{ verdict: Verdict; aftermath: Aftermath }> {
  const started = performance.now();
  const facts = analyseRequest(request);
  const plan = policy.planFor("", () => true);
  const progress: Progress = {
    id: request.id,
    envelope: request.envelope,
    now: around.now(),
    deadline: Date.now() + policy.timeout,
    trace,
    facts,
    hits: [],
    results: [],
    findings: {},
    failed: [],
    timings: [],
    answered: new Set(),
    hidden: new Set(),
    weightless: new Set(),
  };
  if (!request.skip) await askStages(plan, progress, policy, request, around);
  const verdict = conclude(request, policy, progress, started);
  return { verdict, aftermath: { plan, progress } };
}

function analyseRequest(request: ScanRequest): Analysis {
  const { raw } = request.facts;
  return request.plain ? plainMessage(raw, defaultLimits, request.subject ?? null) : analyse(raw, defaultLimits);
}

async function askStages(
  plan: Plan,
  progress: Progress,
  policy: Policy,
  request: ScanRequest,
  around: Surroundings,
): Promise<void> {
  const asking: Asking = {
    bus: around.bus,
    breaker: around.breaker,
    onBreak: (check, actor) => around.log.warn({ check, actor }, "check fails too often, not asked for a while"),
  };
  const noResult = () => endingResult(progress.results) === undefined;
  const isOpen = (question: Question) => noResult() && (!question.heavy || request.passAll === true || !closed());
  const closed = () => isClosed(standing(policy, progress), undecided(plan, progress, policy));
  await askStage(plan.stages.pre, progress, asking, noResult);
  await askStage(plan.stages.filter, progress, asking, isOpen);
  await askStage(plan.stages.classify, progress, asking, isOpen);
  if (endingResult(progress.results)?.skip) return;
  compose(1, policy, progress);
  const { score, symbols } = standing(policy, progress);
  const required = requiredScore(policy.actions.rules);
  const { action } = decide(score, policy.actions.rules, progress.results);
  progress.facts = {
    ...progress.facts,
    standing: { score, required, action, symbols: Object.fromEntries(symbols.map((s) => [s.name, s.score])) },
  };
  await askStage(plan.stages.post, progress, asking, () => true);
  compose(2, policy, progress);
}

function undecided(plan: Plan, { answered }: Progress, { composites, weights, actions }: Policy): Undecided {
  const pending = [...plan.checks.values()].filter(({ name, stage }) => stage !== "idle" && !answered.has(name));
  return { pending, composites, weights, rules: actions.rules };
}
