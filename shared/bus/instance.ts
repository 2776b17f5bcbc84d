// One instance of a handler: so many questions at work, as many waiting, and no more. Every driver serves through it.

import { Fault, toFault } from "../fault.ts";
import type { Call } from "./bus.ts";

/** setTimeout takes no more ms than this; it would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * ms rounded up, by a 64th at most. Node keeps one list of timers for each duration: deadlines that differ by a ms would make
 * and drop a list for every question.
 */
function roundUp(ms: number): number {
  const step = 2 ** Math.max(0, 25 - Math.clz32(ms));
  return Math.ceil(ms / step) * step;
}

export type Handler = (question: unknown, call: Call) => Promise<unknown>;

/** A question on its way to its answer, and all that its handler is told of it. Ends once: answered, failed or late. */
export class Asked implements Call {
  readonly question: unknown;
  readonly deadline: number;
  readonly trace: string | undefined;
  waited = 0;
  over = false;
  /** Called once when it ends. */
  onEnd: (() => void) | undefined;
  readonly #since = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #onAnswer: (answer: unknown) => void;
  readonly #onFault: (fault: Fault) => void;
  #abort: AbortController | undefined;

  constructor(
    question: unknown,
    deadline: number,
    trace: string | undefined,
    onAnswer: (answer: unknown) => void,
    onFault: (fault: Fault) => void,
  ) {
    this.question = question;
    this.deadline = deadline;
    this.trace = trace;
    this.#onAnswer = onAnswer;
    this.#onFault = onFault;
    this.#timer = setTimeout(expire, Math.min(roundUp(deadline - Date.now()), longestTimer), this);
  }

  /** Made when it is first looked at: most handlers are done before they ever need one. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.late) this.#abort.abort(late());
    }
    return this.#abort.signal;
  }

  get late(): boolean {
    return Date.now() >= this.deadline;
  }

  begin(): void {
    this.waited = performance.now() - this.#since;
  }

  answer(answer: unknown): void {
    if (this.over) return;
    this.#onAnswer(answer);
    this.#end();
  }

  fail(fault: Fault): void {
    if (this.over) return;
    this.#onFault(fault);
    this.#end();
  }

  /** The deadline passed: the asker is told, and the handler, if it has started. */
  expire(): void {
    this.#abort?.abort(late());
    this.fail(late());
  }

  #end(): void {
    this.over = true;
    clearTimeout(this.#timer);
    this.onEnd?.();
  }
}

export function late(): Fault {
  return new Fault("late", "the deadline passed before the answer");
}

function expire(asked: Asked): void {
  asked.expire();
}

export class Instance {
  readonly #slots: number;
  readonly #handler: Handler;
  #atWork = 0;
  #unanswered = 0;
  #waiting: Asked[] = [];
  #idle: (() => void)[] = [];

  constructor(slots: number, handler: Handler) {
    this.#slots = Math.max(1, Math.trunc(slots) || 1);
    this.#handler = handler;
  }

  /** 0 idle, 1 every slot at work, 2 full. */
  get load(): number {
    return (this.#atWork + this.#waiting.length) / this.#slots;
  }

  /** No slot is free, and no place to wait. */
  get full(): boolean {
    if (this.#atWork < this.#slots || this.#waiting.length < this.#slots) return false;
    // A question nobody waits for any longer must not keep a living one out.
    this.#waiting = this.#waiting.filter((other) => !other.over);
    return this.#waiting.length >= this.#slots;
  }

  /** Answers false, and does nothing, when it is full. */
  take(asked: Asked): boolean {
    if (this.#atWork < this.#slots) {
      this.#own(asked);
      this.#start(asked);
      return true;
    }
    if (this.full) return false;
    this.#own(asked);
    this.#waiting.push(asked);
    return true;
  }

  /** Resolves when everything that was taken has been answered, be it by its deadline: a stuck handler stops nobody. */
  drain(): Promise<void> {
    if (this.#unanswered === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #own(asked: Asked): void {
    this.#unanswered++;
    asked.onEnd = this.#ended;
  }

  readonly #ended = () => {
    this.#unanswered--;
    if (this.#unanswered === 0) for (const resolve of this.#idle.splice(0)) resolve();
  };

  #start(asked: Asked): void {
    this.#atWork++;
    asked.begin();
    try {
      this.#handler(asked.question, asked).then(
        (answer) => {
          asked.answer(answer);
          this.#release();
        },
        (thrown) => {
          asked.fail(toFault(thrown));
          this.#release();
        },
      );
    } catch (thrown) {
      asked.fail(toFault(thrown));
      this.#release();
    }
  }

  #release(): void {
    this.#atWork--;
    this.#next();
  }

  #next(): void {
    while (this.#atWork < this.#slots) {
      const asked = this.#waiting.shift();
      if (asked === undefined) return;
      // Late ones are dropped unread: work for them would only make the next ones late too.
      if (asked.over) continue;
      if (asked.late) asked.expire();
      else this.#start(asked);
    }
  }
}
