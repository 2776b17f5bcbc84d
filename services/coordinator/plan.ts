// The plan of a scan: which actor is asked for which checks, in which stage and after what. It depends on the checks
// that are on, not on the message, so it is computed once for each combination and kept.

import type { Actor } from "../../shared/actor.ts";
import type { Check, Stage } from "../../shared/check.ts";
import { stages } from "../../shared/check.ts";
import { Fault } from "../../shared/fault.ts";
import type { FactName } from "../../shared/task.ts";
import { type Wanted, wantedOf } from "./wanted.ts";

/** Checks of one actor that can be asked for in one question. */
export interface Question {
  readonly actor: Actor;
  readonly checks: readonly Check[];
  readonly wanted: Wanted;
  readonly reads: readonly FactName[];
  /** Checks answered before, by other actors or in another question, whose findings travel with this one. */
  readonly needs: readonly string[];
  /** Questions of the same stage that must be answered before this one is asked. */
  readonly after: readonly Question[];
  /** Asked only while the verdict is open. */
  readonly heavy: boolean;
}

export interface Plan {
  /** Each stage's questions, in an order in which they can be asked. */
  readonly stages: Readonly<Record<Stage, readonly Question[]>>;
  /** What is asked once more, behind the filters, about URLs that they found. */
  readonly follow: readonly Question[];
}

/** Plans the checks for which `isOn` holds. Faults with `bad-config` when checks need one another in a circle or later stages. */
export function makePlan(actors: readonly Actor[], isOn: (check: Check) => boolean): Plan {
  const checks = new Map<string, Check>();
  const owner = new Map<string, Actor>();
  for (const actor of actors) {
    for (const check of actor.checks) {
      if (!isOn(check)) continue;
      checks.set(check.name, check);
      owner.set(check.name, actor);
    }
  }
  const waits = waitsOf(checks, owner);
  const planned = Object.fromEntries(
    stages.map((stage) => [stage, questionsOf(stage, checks, owner, waits)] as const),
  ) as Record<Stage, readonly Question[]>;
  return { stages: planned, follow: followOf(checks, owner) };
}

/** One question for each actor with checks that look at URLs, if there is a check that finds any. */
function followOf(checks: ReadonlyMap<string, Check>, owner: ReadonlyMap<string, Actor>): readonly Question[] {
  const filters = [...checks.values()].filter(({ stage }) => stage === "filter");
  if (!filters.some(({ bringsUrls }) => bringsUrls)) return [];
  const byActor = Map.groupBy(
    filters.filter(({ followsUrls }) => followsUrls),
    ({ name }) => owner.get(name),
  );
  return [...byActor].flatMap(([actor, following]) => {
    if (actor === undefined) return [];
    const needs = new Set(following.flatMap((check) => check.needs));
    return {
      actor,
      checks: following,
      wanted: wantedOf(following),
      reads: [...new Set(following.flatMap((check) => check.reads))],
      needs: [...needs].filter((name) => checks.has(name)),
      after: [],
      heavy: true,
    };
  });
}

type Waits = ReadonlyMap<string, ReadonlySet<string>>;

/** For each check the checks of other actors and of the same stage that must have answered, also through others. */
function waitsOf(checks: ReadonlyMap<string, Check>, owner: ReadonlyMap<string, Actor>): Waits {
  const waits = new Map<string, Set<string>>();
  const visit = (check: Check, path: readonly string[]): ReadonlySet<string> => {
    const known = waits.get(check.name);
    if (known) return known;
    if (path.includes(check.name)) {
      throw new Fault("bad-config", `checks need one another: ${[...path, check.name].join(" needs ")}`);
    }
    const found = new Set<string>();
    for (const need of check.needs) {
      const needed = checks.get(need);
      if (!needed) continue; // it is off: the finding is missing, which is an answer
      const distance = stages.indexOf(check.stage) - stages.indexOf(needed.stage);
      if (distance < 0) {
        throw new Fault(
          "bad-config",
          `${check.name} (${check.stage}) needs ${need}, which runs later (${needed.stage})`,
        );
      }
      const further = visit(needed, [...path, check.name]);
      if (distance > 0) continue;
      if (owner.get(need) !== owner.get(check.name)) found.add(need);
      for (const name of further) found.add(name);
    }
    waits.set(check.name, found);
    return found;
  };
  for (const check of checks.values()) visit(check, []);
  return waits;
}

/** Whether a check is heavy, or needs one that is: then it cannot be asked earlier than that one. */
function isHeavy(check: Check, checks: ReadonlyMap<string, Check>): boolean {
  if (check.cost === "heavy") return true;
  return check.needs.some((name) => {
    const needed = checks.get(name);
    return needed !== undefined && needed.stage === check.stage && isHeavy(needed, checks);
  });
}

interface Group {
  readonly actor: Actor;
  readonly heavy: boolean;
  readonly checks: Check[];
}

/** Puts checks into one question when they belong to one actor, cost alike and wait for the same. */
function groupsOf(
  stage: Stage,
  checks: ReadonlyMap<string, Check>,
  owner: ReadonlyMap<string, Actor>,
  waits: Waits,
): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const check of checks.values()) {
    const actor = owner.get(check.name);
    if (check.stage !== stage || !actor) continue;
    const heavy = isHeavy(check, checks);
    const key = [actor.name, heavy, ...[...(waits.get(check.name) ?? [])].sort()].join(" ");
    const group = groups.get(key);
    if (group) group.checks.push(check);
    else groups.set(key, { actor, heavy, checks: [check] });
  }
  return [...groups.values()];
}

function questionsOf(
  stage: Stage,
  checks: ReadonlyMap<string, Check>,
  owner: ReadonlyMap<string, Actor>,
  waits: Waits,
): readonly Question[] {
  const questions: Question[] = [];
  const byCheck = new Map<string, Question>();
  let waiting = groupsOf(stage, checks, owner, waits);
  while (waiting.length > 0) {
    const later: Group[] = [];
    const placed = questions.length;
    for (const group of waiting) {
      const own = new Set(group.checks.map((check) => check.name));
      const needs = [...new Set(group.checks.flatMap((check) => check.needs))].filter((name) => !own.has(name));
      const sameStage = needs.filter((name) => checks.get(name)?.stage === stage);
      if (!sameStage.every((name) => byCheck.has(name))) {
        later.push(group);
        continue;
      }
      const question: Question = {
        actor: group.actor,
        checks: group.checks,
        wanted: wantedOf(group.checks),
        reads: [...new Set(group.checks.flatMap((check) => check.reads))],
        needs: needs.filter((name) => checks.has(name)),
        after: [...new Set(sameStage.flatMap((name) => byCheck.get(name) ?? []))],
        heavy: group.heavy,
      };
      questions.push(question);
      for (const name of own) byCheck.set(name, question);
    }
    if (questions.length === placed) throw new Fault("bad-config", `checks of the stage ${stage} wait for one another`);
    waiting = later;
  }
  return questions;
}
