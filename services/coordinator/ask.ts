// Asks the actors for the checks of one stage: each question when those before it are answered, heavy ones last and
// only while they can still matter. What does not answer is a failed check, never an exception.

import type { Bus } from "../../shared/bus/bus.ts";
import type { Hit } from "../../shared/check.ts";
import { type Fault, type FaultCode, toFault } from "../../shared/fault.ts";
import type { Analysis } from "../../shared/message/analyse.ts";
import { actorSubject, answerMargin, type CheckAnswer } from "../../shared/question.ts";
import type { Envelope, Facts } from "../../shared/task.ts";
import type { FailedCheck, Timings } from "../../shared/verdict.ts";
import type { Breaker } from "./breaker.ts";
import type { NamedResult } from "./decide.ts";
import { pick, pickFacts } from "./pick-facts.ts";
import type { Question } from "./plan.ts";
import type { Scored } from "./scores.ts";

/** What a scan knows so far. It grows while the answers come in. */
export interface Progress {
  readonly id: string;
  readonly envelope: Envelope;
  readonly now: number;
  /** ms since 1970 at which the scan must be over. */
  readonly deadline: number;
  readonly trace: string | undefined;
  /** `standing` is there from the stage `post` on. */
  facts: Analysis & Partial<Facts>;
  readonly hits: Hit[];
  readonly results: NamedResult[];
  readonly findings: Record<string, unknown>;
  readonly failed: FailedCheck[];
  readonly timings: Timings[];
  /** Questions whose checks have answered, or failed. */
  readonly answered: Set<Question>;
  /** What composites took away so far. */
  readonly hidden: Set<string>;
  readonly weightless: Set<string>;
  /** The last sum of the hits, and how many of all three there were. */
  scored?: Scored & { readonly extent: number };
}

export interface Asking {
  readonly bus: Bus;
  readonly breaker: Breaker;
  /** Called when a breaker opens: an operator wants to know. */
  readonly onBreak: (check: string, actor: string) => void;
  /** Whether settings let the check raise the symbol. */
  readonly isOn: (symbol: string, check: string) => boolean;
}

/** `isOpen` says whether a heavy question, or after a result any question, is still worth asking. */
export async function askStage(
  questions: readonly Question[],
  progress: Progress,
  asking: Asking,
  isOpen: (question: Question) => boolean,
): Promise<void> {
  const first = questions[0];
  if (!first) return;
  const start = (question: Question) =>
    hasWork(question, progress) && isOpen(question) ? ask(question, progress, asking) : Promise.resolve();
  if (questions.length === 1 && !first.heavy) return start(first);
  const running = new Map<Question, Promise<void>>();
  const cheap = questions.filter((question) => !question.heavy);
  for (const question of questions) {
    const before = question.heavy ? [...cheap, ...question.after] : question.after;
    const waits = before.flatMap((earlier) => running.get(earlier) ?? []);
    running.set(question, waits.length === 0 ? start(question) : Promise.all(waits).then(() => start(question)));
  }
  await Promise.all(running.values());
}

function hasWork(question: Question, { facts }: Progress): boolean {
  return question.wanted(facts).length > 0;
}

async function ask(question: Question, progress: Progress, asking: Asking): Promise<void> {
  const now = Date.now();
  const checks = allowed(question, progress, asking, now);
  if (checks.length > 0) await askFor(checks, question, progress, asking, now);
  progress.answered.add(question);
}

/** No fault: to make one for each mail while a breaker is open would cost more than asking. */
const refused = { code: "refused", message: "failed too often, not asked for a while" } as const;

/** The checks to ask for; those that failed too often have failed once more, for now. */
function allowed(question: Question, progress: Progress, asking: Asking, now: number): readonly string[] {
  const wanted = question.wanted(progress.facts);
  if (asking.breaker.quiet) return wanted;
  const left = wanted.filter((check) => asking.breaker.allows(check, now));
  if (left.length === wanted.length) return wanted;
  for (const check of wanted) if (!left.includes(check)) note(progress, asking, question, failure(check, refused));
  return left;
}

async function askFor(
  checks: readonly string[],
  question: Question,
  progress: Progress,
  asking: Asking,
  now: number,
): Promise<void> {
  const { actor } = question;
  const granted = now + actor.deadline + answerMargin;
  const deadline = Math.min(progress.deadline, granted);
  // An actor that had less than its own time says nothing about itself: the scan was slow, not the actor.
  const counts = deadline === granted;
  try {
    const {
      checks: said,
      waits,
      works,
      dns,
    } = await asking.bus.ask(
      actorSubject(actor.name),
      {
        id: progress.id,
        envelope: progress.envelope,
        now: progress.now,
        checks,
        findings: pick(progress.findings, question.needs),
        facts: pickFacts(progress.facts, question.reads),
      },
      progress.trace === undefined ? { deadline } : { deadline, trace: progress.trace },
    );
    const times = { actor: actor.name, checks, waits, works };
    progress.timings.push(dns === undefined ? times : { ...times, dns });
    for (const answer of said) {
      note(progress, asking, question, answer);
      if (answer.failed === undefined) continue;
      // An instance of another version does not have the check, and says so at once; others may.
      if (counts && answer.failed.code !== "nobody") broken(answer.check, actor.name, asking);
      else asking.breaker.abandoned(answer.check);
    }
    if (!asking.breaker.quiet) reportSuccess(checks, said, asking.breaker);
  } catch (thrown) {
    const fault = toFault(thrown);
    const lost = Date.now() - now;
    progress.timings.push({ actor: actor.name, checks, waits: checks.map(() => 0), works: checks.map(() => lost) });
    for (const check of checks) {
      if (counts && !costsNothing.has(fault.code)) broken(check, actor.name, asking);
      else asking.breaker.abandoned(check);
      note(progress, asking, question, failure(check, fault));
    }
  }
}

function reportSuccess(checks: readonly string[], said: readonly CheckAnswer[], breaker: Breaker): void {
  const failed = new Set(said.filter((answer) => answer.failed).map(({ check }) => check));
  for (const check of checks) if (!failed.has(check)) breaker.succeeded(check);
}

/**
 * Faults that come at once, or are the bus's own: not asking would save nothing, and delay the moment when the actor is there
 * again.
 */
const costsNothing: ReadonlySet<FaultCode> = new Set(["busy", "nobody", "unavailable", "closed"]);

function broken(check: string, actor: string, asking: Asking): void {
  if (asking.breaker.failed(check, Date.now())) asking.onBreak(check, actor);
}

function failure(check: string, { code, message }: Pick<Fault, "code" | "message">): CheckAnswer {
  return { check, hits: [], failed: { code, message } };
}

function note(progress: Progress, asking: Asking, { actor }: Question, answer: CheckAnswer): void {
  const { check } = answer;
  if (answer.failed) progress.failed.push({ check, actor: actor.name, ...answer.failed });
  if (answer.finding !== undefined) progress.findings[check] = answer.finding;
  for (const hit of answer.hits) {
    if (!asking.isOn(hit.symbol, check)) continue;
    progress.hits.push(hit);
    if (hit.result) progress.results.push({ ...hit.result, by: hit.symbol });
  }
}
