// One question while an actor answers it, and the world as each of its checks sees it.

import type { Check, Context, Hit, HitDetail, TaskView } from "./check.ts";
import type { LiveConfig } from "./config/live.ts";
import type { CheckDnsUse, Dns, DnsTask, MeasuredDns, Resolver } from "./dns/dns.ts";
import { Fault, toFault } from "./fault.ts";
import type { Log } from "./log.ts";
import type { CheckAnswer, Question } from "./question.ts";
import type { Queue } from "./queue/queue.ts";
import type { Store } from "./store/store.ts";
import type { FactName } from "./task.ts";

/** What the checks of an actor work with. */
export interface Workplace {
  readonly config: LiveConfig;
  readonly log: Log;
  readonly store: Store;
  readonly queue: Queue;
  readonly resolver: Resolver;
}

/** A signal that fires at the deadline. Most checks answer at once, so it exists only when somebody looks at it. */
export class Deadline {
  readonly ms: number;
  /** On the clock of `performance`. */
  readonly #at: number;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.ms = ms;
    this.#at = performance.now() + ms;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      const abort = () => controller.abort(new Fault("late", "the actor's deadline has passed"));
      this.#timer = setTimeout(abort, Math.max(0, this.left));
    }
    return this.#controller.signal;
  }

  /** ms; negative when it has passed. */
  get left(): number {
    return this.#at - performance.now();
  }

  get passed(): boolean {
    return this.#controller?.signal.aborted ?? false;
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}

/** ms of a deadline that are left to a check when the DNS gives up: it lacks one answer of many, and says what it found. */
const conclusion = (ms: number) => Math.min(200, ms / 10);

export class Visit implements DnsTask {
  readonly task: TaskView<FactName>;
  readonly place: Workplace;
  readonly now: number;
  readonly deadline: Deadline;
  /** When the question came in, on the clock of `performance`. */
  readonly arrived: number;
  /** What the checks had to say so far, and their times by place in the question. */
  readonly said: CheckAnswer[] = [];
  readonly waits: number[];
  readonly works: number[];
  /** Of the checks that asked the DNS. */
  dns: CheckDnsUse[] | undefined;
  /** Counted by the resolver. */
  queries = 0;
  /** Of checks of other actors, and of those here that have answered. */
  readonly #given: Question["findings"];
  #own: Map<string, unknown> | undefined;
  #dnsDeadline: Deadline | undefined;

  /** `arrived` is on the clock of `performance`. */
  constructor(question: Question, place: Workplace, deadline: Deadline, arrived: number) {
    const { id, envelope, facts, findings, now, checks } = question;
    // Whoever asks takes the facts from what the checks declare to read.
    this.task = { id, envelope, ...facts } as TaskView<FactName>;
    this.#given = findings;
    this.place = place;
    this.now = now;
    this.deadline = deadline;
    this.arrived = arrived;
    this.waits = zeros(checks.length);
    this.works = zeros(checks.length);
  }

  /** Of the DNS. */
  get signal(): AbortSignal {
    this.#dnsDeadline ??= new Deadline(this.deadline.left - conclusion(this.deadline.ms));
    return this.#dnsDeadline.signal;
  }

  /** Stops its clocks. */
  end(): void {
    this.deadline.clear();
    this.#dnsDeadline?.clear();
  }

  findingOf(check: string): unknown {
    return this.#own?.get(check) ?? this.#given[check];
  }

  /** Takes down what a check said, and answers with the time. What comes behind the deadline was answered as late. */
  note(answer: CheckAnswer | undefined, turn: number, started: number): number {
    const ended = performance.now();
    if (this.deadline.passed) return ended;
    this.waits[turn] = started - this.arrived;
    this.works[turn] = ended - started;
    if (answer === undefined) return ended;
    this.said.push(answer);
    if (answer.finding !== undefined) {
      this.#own ??= new Map();
      this.#own.set(answer.check, answer.finding);
    }
    return ended;
  }

  noteLate(check: string, turn: number): void {
    const failed = { code: "late" as const, message: "no answer within the actor's deadline" };
    this.said.push({ check, hits: [], failed });
    this.works[turn] = performance.now() - this.arrived;
  }
}

/** `fill` would leave compiled code for it. */
function zeros(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(0);
  return list;
}

const noHits: readonly Hit[] = [];

/** A class, for there is one for every check and message: closures would cost more than most checks do. */
export class CheckContext implements Context<string, never, unknown> {
  readonly #check: Check;
  readonly #visit: Visit;
  /** Place of the check in the question. */
  readonly #turn: number;
  #hits: Hit[] | undefined;
  #dns: MeasuredDns | undefined;

  constructor(check: Check, turn: number, visit: Visit) {
    this.#check = check;
    this.#turn = turn;
    this.#visit = visit;
  }

  /** Runs the check. Answers with the time at which it ended, or with its work where that goes on. */
  run(started: number): number | Promise<unknown> {
    try {
      const finding = this.#check.run(this.#visit.task, this);
      if (!(finding instanceof Promise)) return this.#answered(started, finding);
      return finding.then(
        (value) => this.#answered(started, value),
        (thrown) => this.#broke(started, thrown),
      );
    } catch (thrown) {
      return this.#broke(started, thrown);
    }
  }

  #answered(started: number, finding: unknown): number {
    this.#noteDns();
    const hits = this.#hits;
    if (hits === undefined && finding === undefined) return this.#visit.note(undefined, this.#turn, started);
    const { name } = this.#check;
    const said = { check: name, hits: hits ?? noHits };
    return this.#visit.note(finding === undefined ? said : { ...said, finding }, this.#turn, started);
  }

  #broke(started: number, thrown: unknown): number {
    this.#noteDns();
    const { code, message, cause } = toFault(thrown);
    const { name } = this.#check;
    const { task, place } = this.#visit;
    place.log.error({ task: task.id, check: name, code, err: cause ?? thrown }, "check failed");
    const said = { check: name, hits: this.#hits ?? noHits, failed: { code, message } };
    return this.#visit.note(said, this.#turn, started);
  }

  #noteDns(): void {
    if (this.#dns === undefined) return;
    this.#visit.dns ??= [];
    this.#visit.dns.push({ check: this.#check.name, ...this.#dns.use });
  }

  get config(): unknown {
    return this.#visit.place.config.get(this.#check.config);
  }

  get now(): number {
    return this.#visit.now;
  }

  get store(): Store {
    return this.#visit.place.store;
  }

  get queue(): Queue {
    return this.#visit.place.queue;
  }

  get signal(): AbortSignal {
    return this.#visit.deadline.signal;
  }

  get dns(): Dns {
    this.#dns ??= this.#visit.place.resolver.dnsFor(this.#visit);
    return this.#dns;
  }

  get log(): Log {
    return this.#visit.place.log.child({ task: this.#visit.task.id, check: this.#check.name });
  }

  hit(symbol: string, detail?: HitDetail): void {
    this.#hits ??= [];
    this.#hits.push(detail === undefined ? { symbol } : { symbol, ...detail });
  }

  hitConfigured(symbol: string, detail?: HitDetail): void {
    this.hit(symbol, detail);
  }

  finding(name: string): never {
    // Read as what the needed check's own declaration says that it leaves.
    return this.#visit.findingOf(name) as never;
  }
}
