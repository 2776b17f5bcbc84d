// What a coordinator asks of an actor, and what it answers.

import type { Subject } from "./bus/bus.ts";
import type { Hit } from "./check.ts";
import type { CheckDnsUse } from "./dns/dns.ts";
import type { FaultCode } from "./fault.ts";
import type { Envelope, Facts } from "./task.ts";

export interface Question {
  readonly id: string;
  readonly envelope: Envelope;
  /** Time of the task, ms since 1970. */
  readonly now: number;
  readonly checks: readonly string[];
  /** Findings of needed checks of other actors, by check. */
  readonly findings: Readonly<Record<string, unknown>>;
  /** The union of what the checks read. */
  readonly facts: Partial<Facts>;
}

/** ms before the asker gives up that an actor answers with what it has: an answer needs time to arrive. */
export const answerMargin = 100;

/** What a check had to say. */
export interface CheckAnswer {
  readonly check: string;
  readonly hits: readonly Hit[];
  readonly finding?: unknown;
  readonly failed?: { readonly code: FaultCode; readonly message: string };
}

/** Every check of the question has answered or failed. */
export interface Answer {
  /** Those with something to say: most have nothing to say of most messages. */
  readonly checks: readonly CheckAnswer[];
  /** ms that each check waited for its turn and that it worked, in the order of the question. */
  readonly waits: readonly number[];
  readonly works: readonly number[];
  /** Of the checks that asked the DNS. */
  readonly dns?: readonly CheckDnsUse[];
}

export function actorSubject(actor: string): Subject<Question, Answer> {
  return { name: `actor.${actor}` };
}
