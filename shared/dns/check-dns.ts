// The DNS as one check sees it while it works on one task: counted and limited.

import type { DnsAnswer, DnsTask, MeasuredDns, RecordData, RecordType } from "./dns.ts";
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
  readonly use = { queries: 0, cached: 0, failed: 0, waited: 0 };
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
      use.failed += 1;
      return tooMany;
    }
    const canonical = canonicalName(name);
    if (canonical === undefined) return noSuchName;
    const known = this.#source.known(canonical, type);
    if (known !== undefined) {
      use.cached += 1;
      return this.#note(known);
    }
    const answer = this.#source.fetch(canonical, type, this.#task.signal);
    return answer instanceof Promise ? this.#wait(answer) : this.#note(answer);
  }

  async #wait<Data>(coming: Promise<DnsAnswer<Data>>): Promise<DnsAnswer<Data>> {
    const started = performance.now();
    const answer = await coming;
    this.use.waited += performance.now() - started;
    return this.#note(answer);
  }

  #note<Data>(answer: DnsAnswer<Data>): DnsAnswer<Data> {
    if (answer.status === "failed") this.use.failed += 1;
    return answer;
  }
}
