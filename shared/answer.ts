// Runs the checks of one actor that a question asks for: each when the checks it needs have answered, all inside the
// deadline, whatever one of them does.

import type { Actor } from "./actor.ts";
import type { Call } from "./bus/bus.ts";
import type { Check, Context, Hit, HitDetail, TaskView } from "./check.ts";
import type { LiveConfig } from "./config/live.ts";
import { Fault, toFault } from "./fault.ts";
import type { Log } from "./log.ts";
import type { Answer, CheckAnswer, Question } from "./question.ts";
import { answerMargin } from "./question.ts";
import type { Queue } from "./queue/queue.ts";
import type { Store } from "./store/store.ts";
import type { FactName } from "./task.ts";

/** What the checks of an actor work with. */
export interface Workplace {
  readonly config: LiveConfig;
  readonly log: Log;
  readonly store: Store;
  readonly queue: Queue;
}

/** Prepares an actor: the function answers questions. Checks are ordered by their needs here, and again when they change. */
export function answering(actor: Actor, place: Workplace): (question: Question, call: Call) => Promise<Answer> {
  let { checks } = actor;
  let order = orderByNeeds(checks);
  return (question, call) => {
    // The rules of an operator are reloaded while they run (bin/rules.ts).
    if (actor.checks !== checks) {
      checks = actor.checks;
      order = orderByNeeds(checks);
    }
    return answer(actor, order, place, question, call);
  };
}

/** A signal that fires at the deadline. Most checks answer at once, so it exists only when somebody looks at it. */
class Deadline {
  readonly ms: number;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.ms = ms;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      this.#timer = setTimeout(() => controller.abort(new Fault("late", "the actor's deadline has passed")), this.ms);
    }
    return this.#controller.signal;
  }

  get passed(): boolean {
    return this.#controller?.signal.aborted ?? false;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** The checks, each after those it needs. Faults with `bad-config` on a circle, naming it. */
export function orderByNeeds(checks: readonly Check[]): readonly Check[] {
  const byName = new Map(checks.map((check) => [check.name, check]));
  const ordered = new Set<Check>();
  const visit = (check: Check, path: readonly string[]) => {
    if (ordered.has(check)) return;
    if (path.includes(check.name)) {
      throw new Fault("bad-config", `checks need one another: ${[...path, check.name].join(" needs ")}`);
    }
    for (const need of check.needs) {
      const needed = byName.get(need);
      if (needed) visit(needed, [...path, check.name]);
    }
    ordered.add(check);
  };
  for (const check of checks) visit(check, []);
  return [...ordered];
}

async function answer(
  actor: Actor,
  order: readonly Check[],
  place: Workplace,
  question: Question,
  call: Call,
): Promise<Answer> {
  const asked = new Set(question.checks);
  const arrived = performance.now() - call.waited;
  const left = call.deadline - answerMargin - Date.now();
  const deadline = new Deadline(Math.max(0, Math.min(actor.deadline - call.waited, left)));
  const visit: Visit = {
    task: { id: question.id, envelope: question.envelope, ...question.facts } as TaskView<FactName>,
    findings: new Map<string, unknown>(Object.entries(question.findings)),
    place,
    now: question.now,
    deadline,
    arrived,
  };
  const done = new Map<string, CheckAnswer>();
  const running = new Map<string, Promise<void>>();

  const finish = (result: CheckAnswer): void => {
    if (deadline.passed) return; // it is answered as late already
    done.set(result.check, result);
    if (result.finding !== undefined) visit.findings.set(result.check, result.finding);
  };

  for (const check of order) {
    if (!asked.has(check.name)) continue;
    const needed = check.needs.flatMap((need) => running.get(need) ?? []);
    const result = needed.length === 0 ? run(check, visit) : Promise.all(needed).then(() => run(check, visit));
    if (result instanceof Promise) running.set(check.name, result.then(finish));
    else finish(result);
  }
  if (running.size > 0) {
    await Promise.race([Promise.all(running.values()), aborted(deadline.signal)]);
    deadline.clear();
    for (const check of running.keys()) if (!done.has(check)) done.set(check, late(check, arrived));
  }
  return question.checks.map((name) => done.get(name) ?? unknownCheck(name));
}

function late(check: string, arrived: number): CheckAnswer {
  const failed = { code: "late" as const, message: "no answer within the actor's deadline" };
  return { check, hits: [], failed, wait: 0, work: performance.now() - arrived };
}

function unknownCheck(check: string): CheckAnswer {
  // A coordinator of another version may ask for what this instance does not have.
  return { check, hits: [], failed: { code: "nobody", message: "this actor has no such check" }, wait: 0, work: 0 };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** One question while it is answered. */
interface Visit {
  readonly task: TaskView<FactName>;
  readonly findings: Map<string, unknown>;
  readonly place: Workplace;
  readonly now: number;
  readonly deadline: Deadline;
  /** When the question came in, on the clock of `performance`. */
  readonly arrived: number;
}

function run(check: Check, visit: Visit): CheckAnswer | Promise<CheckAnswer> {
  const started = performance.now();
  const ctx = new CheckContext(check, visit);
  try {
    const finding = check.run(visit.task, ctx);
    if (!(finding instanceof Promise)) return answered(ctx, started, finding);
    return finding.then(
      (value) => answered(ctx, started, value),
      (thrown) => broke(ctx, started, thrown),
    );
  } catch (thrown) {
    return broke(ctx, started, thrown);
  }
}

function answered({ check, hits, visit }: CheckContext, started: number, finding: unknown): CheckAnswer {
  const wait = started - visit.arrived;
  const work = performance.now() - started;
  const { name } = check;
  return finding === undefined ? { check: name, hits, wait, work } : { check: name, hits, finding, wait, work };
}

function broke({ check, hits, visit }: CheckContext, started: number, thrown: unknown): CheckAnswer {
  const { code, message, cause } = toFault(thrown);
  visit.place.log.error({ task: visit.task.id, check: check.name, code, err: cause ?? thrown }, "check failed");
  const wait = started - visit.arrived;
  return { check: check.name, hits, failed: { code, message }, wait, work: performance.now() - started };
}

/** A class, for there is one for every check and message: closures would cost more than most checks do. */
class CheckContext implements Context<string, never, unknown> {
  readonly check: Check;
  readonly visit: Visit;
  readonly hits: Hit[] = [];

  constructor(check: Check, visit: Visit) {
    this.check = check;
    this.visit = visit;
  }

  get config(): unknown {
    return this.visit.place.config.get(this.check.config);
  }

  get now(): number {
    return this.visit.now;
  }

  get store(): Store {
    return this.visit.place.store;
  }

  get queue(): Queue {
    return this.visit.place.queue;
  }

  get signal(): AbortSignal {
    return this.visit.deadline.signal;
  }

  get log(): Log {
    return this.visit.place.log.child({ task: this.visit.task.id, check: this.check.name });
  }

  hit(symbol: string, detail?: HitDetail): void {
    this.hits.push(detail === undefined ? { symbol } : { symbol, ...detail });
  }

  hitConfigured(symbol: string, detail?: HitDetail): void {
    this.hit(symbol, detail);
  }

  finding(name: string): never {
    // Read as what the needed check's own declaration says that it leaves.
    return this.visit.findings.get(name) as never;
  }
}
