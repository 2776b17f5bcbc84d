// The DNS as one check sees it while it works on one task: counted and limited.

import {
  type DnsAnswer,
  type DnsEvent,
  type DnsTask,
  type MeasuredDns,
  mostEvents,
  type RecordData,
  type RecordType,
} from "./dns.ts";
import { canonicalName } from "./name.ts";
import { failed } from "./reply-answer.ts";
import type { Soon } from "./steps.ts";

/** Whom it asks. Names are canonical. */
export interface AnswerSource {
  /** Queries of one check and of all checks of a task, for one message. */
  readonly limits: { readonly check: number; readonly task: number };
  /** An answer that is kept. */
  known<Type extends RecordType>(name: string, type: Type): DnsAnswer<RecordData[Type]> | undefined;
  /** Never rejects, and ends when the signal fires. */
  fetch<Type extends RecordType>(name: string, type: Type, signal: AbortSignal): Soon<DnsAnswer<RecordData[Type]>>;
}

const tooMany = failed("too many queries");

/** RFC 7208, 4.3 takes such a domain for one that does not exist: nothing can be published there. */
const noSuchName = { status: "no-name", secure: false } as const;

export class CheckDns implements MeasuredDns {
  readonly use = { queries: 0, cached: 0, failed: 0, waited: 0, events: [] as DnsEvent[] };
  readonly #source: AnswerSource;
  readonly #task: DnsTask;

  constructor(source: AnswerSource, task: DnsTask) {
    this.#source = source;
    this.#task = task;
  }

  query<Type extends RecordType>(name: string, type: Type): Soon<DnsAnswer<RecordData[Type]>> {
    const { use } = this;
    const { limits } = this.#source;
    use.queries += 1;
    this.#task.queries += 1;
    if (use.queries > limits.check || this.#task.queries > limits.task) {
      return this.#note(name, type, tooMany, 0);
    }
    const canonical = canonicalName(name);
    if (canonical === undefined) return this.#note(name, type, noSuchName, 0);
    const known = this.#source.known(canonical, type);
    if (known !== undefined) {
      use.cached += 1;
      return this.#note(name, type, known, 0);
    }
    const answer = this.#source.fetch(canonical, type, this.#task.signal);
    return answer instanceof Promise ? this.#wait(name, type, answer) : this.#note(name, type, answer, 0);
  }

  async #wait<Data>(name: string, type: RecordType, coming: Promise<DnsAnswer<Data>>): Promise<DnsAnswer<Data>> {
    const started = performance.now();
    const answer = await coming;
    return this.#note(name, type, answer, performance.now() - started);
  }

  #note<Data>(name: string, type: RecordType, answer: DnsAnswer<Data>, waited: number): DnsAnswer<Data> {
    const { use } = this;
    const { status } = answer;
    if (status === "failed") use.failed += 1;
    use.waited += waited;
    if (use.events.length < mostEvents) use.events.push({ name, type, at: Date.now() - waited, waited, status });
    return answer;
  }
}
