// Runs the checks of one actor that a question asks for: each when the checks it needs have answered, all inside the
// deadline, whatever one of them does.

import type { Actor } from "./actor.ts";
import type { Call } from "./bus/bus.ts";
import type { Check } from "./check.ts";
import { Fault } from "./fault.ts";
import type { Answer, Question } from "./question.ts";
import { answerMargin } from "./question.ts";
import { CheckContext, Deadline, Visit, type Workplace } from "./visit.ts";

/** Prepares an actor: the function answers questions. Checks are ordered by their needs here, and again when they change. */
export function answering(actor: Actor, place: Workplace): (question: Question, call: Call) => Promise<Answer> {
  let { checks } = actor;
  let roundOf = rounds(checks);
  return (question, call) => {
    // The rules of an operator are reloaded while they run (bin/rules.ts).
    if (actor.checks !== checks) {
      checks = actor.checks;
      roundOf = rounds(checks);
    }
    return answer(actor, roundOf(question.checks), place, question, call);
  };
}

/** The checks of one question in the order in which they run. */
interface Round {
  readonly checks: readonly Check[];
  /** The place of each in the question. */
  readonly turns: readonly number[];
  /** Asked for by a coordinator of another version: this instance does not have them. */
  readonly unknown: readonly string[];
}

/** Within one process a coordinator asks with the same list of names again and again: its round is kept. */
function rounds(checks: readonly Check[]): (names: readonly string[]) => Round {
  const order = orderByNeeds(checks);
  const known = new WeakMap<readonly string[], Round>();
  return (names) => {
    let round = known.get(names);
    if (round === undefined) {
      round = makeRound(order, names);
      known.set(names, round);
    }
    return round;
  };
}

function makeRound(order: readonly Check[], names: readonly string[]): Round {
  const turns = new Map(names.map((name, turn) => [name, turn]));
  const checks = order.filter(({ name }) => turns.has(name));
  const had = new Set(checks.map(({ name }) => name));
  return {
    checks,
    turns: checks.map(({ name }) => turns.get(name) ?? 0),
    unknown: names.filter((name) => !had.has(name)),
  };
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

async function answer(actor: Actor, round: Round, place: Workplace, question: Question, call: Call): Promise<Answer> {
  const left = call.deadline - answerMargin - Date.now();
  const deadline = new Deadline(Math.max(0, Math.min(actor.deadline - call.waited, left)));
  let clock = performance.now();
  const visit = new Visit(question, place, deadline, clock - call.waited);
  const running: Running = new Map();
  const { checks, turns } = round;
  for (let index = 0; index < checks.length; index++) {
    const check = checks[index];
    if (check === undefined) continue;
    const work = start(check, new CheckContext(check, turns[index] ?? 0, visit), clock, running);
    if (typeof work === "number") clock = work;
    else {
      follow(check.name, work, running, deadline);
      clock = performance.now();
    }
  }
  if (running.size > 0) {
    await Promise.race([Promise.all(running.values()), aborted(deadline.signal)]);
    for (const [index, { name }] of round.checks.entries()) {
      if (running.has(name)) visit.noteLate(name, round.turns[index] ?? 0);
    }
    visit.said.sort((a, b) => question.checks.indexOf(a.check) - question.checks.indexOf(b.check));
  }
  visit.end();
  for (const check of round.unknown) {
    visit.said.push({ check, hits: [], failed: { code: "nobody", message: "this actor has no such check" } });
  }
  const { said, waits, works, dns } = visit;
  return dns === undefined ? { checks: said, waits, works } : { checks: said, waits, works, dns };
}

/** Work that goes on, by check. */
type Running = Map<string, Promise<unknown>>;

/** Runs a check, at once when what it needs is there: most are, so nothing is made that only others need. */
function start(check: Check, ctx: CheckContext, clock: number, running: Running): number | Promise<unknown> {
  if (running.size === 0 || check.needs.length === 0) return ctx.run(clock);
  const before = check.needs.flatMap((need) => running.get(need) ?? []);
  return before.length === 0 ? ctx.run(clock) : Promise.all(before).then(() => ctx.run(performance.now()));
}

/** What ends behind the deadline has not been noted: it stays among what runs, and is answered as late. */
function follow(check: string, work: Promise<unknown>, running: Running, deadline: Deadline): void {
  const over = work.then(() => deadline.passed || running.delete(check));
  running.set(check, over);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
