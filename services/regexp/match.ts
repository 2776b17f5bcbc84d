// One message against all rules. Patterns are tried only when a rule depends on them; those that this thread must not
// wait for go to a worker, and what runs out of time is unknown, never a guess.

import { evaluate } from "../../shared/expression/expression.ts";
import { type CompiledPattern, countMatches, isQuick } from "../../shared/pattern/compile.ts";
import { mostMatches } from "./atom.ts";
import type { CompiledRule, Ruleset } from "./ruleset.ts";
import type { SlowQuestion } from "./slow.ts";
import { type RuleTask, textsOf } from "./sources.ts";

export interface Matched {
  /** Rules that hold, with the value of their expression. */
  readonly hits: readonly { readonly name: string; readonly value: number }[];
  /** Rules that ran out of time. */
  readonly cut: readonly string[];
}

export interface MatchLimits {
  readonly maxSize: number;
  /** ms of this thread, and as many of the worker. */
  readonly timeLimit: number;
}

/** Runs slow patterns elsewhere; answers by question with the count, or undefined for what was cut off. */
export type RunSlowly = (questions: readonly SlowQuestion[]) => Promise<readonly (number | undefined)[]>;

/** States of an atom that has no value. */
const unknown = -1;
const waiting = -2;
const cutOff = -3;

/** A promise only when a pattern went to the worker. */
export function matchRules(
  ruleset: Ruleset,
  task: RuleTask,
  limits: MatchLimits,
  runSlowly: RunSlowly,
): Matched | Promise<Matched> {
  const visit = new Visit(ruleset, task, limits);
  visit.tryRules(ruleset.rules);
  return visit.undecided.length === 0 ? visit : finish(visit, runSlowly);
}

async function finish(visit: Visit, runSlowly: RunSlowly): Promise<Matched> {
  while (visit.undecided.length > 0) {
    const rules = visit.undecided.splice(0);
    const questions = visit.takeQuestions();
    visit.takeAnswers(questions, await runSlowly(questions));
    visit.tryRules(rules);
  }
  return visit;
}

/** The texts of a group, and which of its patterns may match in them. */
interface Looked {
  readonly texts: readonly string[];
  readonly candidates: ReadonlySet<number> | null;
}

/** A class, for the values of the atoms live here while a message is looked at. */
class Visit implements Matched {
  readonly hits: { name: string; value: number }[] = [];
  readonly cut: string[] = [];
  /** Rules that depend on what the worker will say. */
  readonly undecided: CompiledRule[] = [];
  readonly #ruleset: Ruleset;
  readonly #task: RuleTask;
  readonly #limits: MatchLimits;
  readonly #values: Int32Array;
  readonly #looked: (Looked | undefined)[] = [];
  readonly #questions: SlowQuestion[] = [];
  #spent = 0;
  #askedWaiting = false;
  #askedCut = false;

  constructor(ruleset: Ruleset, task: RuleTask, limits: MatchLimits) {
    this.#ruleset = ruleset;
    this.#task = task;
    this.#limits = limits;
    this.#values = new Int32Array(ruleset.atoms.length).fill(unknown);
  }

  tryRules(rules: readonly CompiledRule[]): void {
    const atomValue = (atom: number) => this.#valueOf(atom);
    for (const rule of rules) {
      this.#askedWaiting = false;
      this.#askedCut = false;
      const value = evaluate(rule.expression, atomValue);
      if (this.#askedCut) this.cut.push(rule.name);
      else if (this.#askedWaiting) this.undecided.push(rule);
      else if (value > 0) this.hits.push({ name: rule.name, value });
    }
  }

  takeQuestions(): readonly SlowQuestion[] {
    return this.#questions.splice(0);
  }

  takeAnswers(questions: readonly SlowQuestion[], answers: readonly (number | undefined)[]): void {
    questions.forEach(({ atom }, at) => {
      this.#values[atom] = answers[at] ?? cutOff;
    });
  }

  #valueOf(atom: number): number {
    let value = this.#values[atom] ?? unknown;
    if (value === unknown) {
      value = this.#look(atom);
      this.#values[atom] = value;
    }
    if (value === waiting) this.#askedWaiting = true;
    else if (value === cutOff) this.#askedCut = true;
    return Math.max(value, 0);
  }

  #look(place: number): number {
    const atom = this.#ruleset.atoms[place];
    if (!atom) return 0;
    if (atom.kind === "function") return atom.value(this.#task);
    const { texts, candidates } = this.#groupOf(place);
    if (texts.length === 0 || (candidates !== null && !candidates.has(place))) return 0;
    const { pattern } = atom;
    const most = atom.count ? mostMatches : 1;
    if (!texts.every((text) => isQuick(pattern, text))) {
      const { source, flags } = pattern.regexp;
      this.#questions.push({ atom: place, source, flags, texts, most });
      return waiting;
    }
    if (this.#spent > this.#limits.timeLimit) return cutOff;
    const started = performance.now();
    const count = countIn(pattern, texts, most);
    this.#spent += performance.now() - started;
    return count;
  }

  #groupOf(place: number): Looked {
    const index = this.#ruleset.groupOf[place] ?? -1;
    const known = this.#looked[index];
    if (known) return known;
    const looked = this.#lookAt(index);
    this.#looked[index] = looked;
    return looked;
  }

  #lookAt(index: number): Looked {
    const group = this.#ruleset.groups[index];
    if (!group) return { texts: [], candidates: null };
    const texts = textsOf(this.#task, group.source, this.#limits.maxSize);
    if (group.search === null) return { texts, candidates: null };
    const found = new Uint8Array(group.meets.length);
    for (const text of texts) group.search.find(text, found);
    const candidates = new Set(group.always);
    const met = new Uint8Array(this.#values.length);
    for (let at = found.indexOf(1); at >= 0; at = found.indexOf(1, at + 1)) {
      const pairs = group.meets[at] ?? [];
      for (let pair = 0; pair < pairs.length; pair += 2) {
        const atom = pairs[pair] ?? 0;
        const bits = (met[atom] ?? 0) | (pairs[pair + 1] ?? 0);
        met[atom] = bits;
        if (bits === group.complete.get(atom)) candidates.add(atom);
      }
    }
    return { texts, candidates };
  }
}

function countIn({ regexp }: CompiledPattern, texts: readonly string[], most: number): number {
  let count = 0;
  for (const text of texts) {
    count += countMatches(regexp, text, most - count);
    if (count >= most) break;
  }
  return count;
}
