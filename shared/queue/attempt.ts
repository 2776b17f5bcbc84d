// One attempt at a job: the handler, the time that it may take, and what it comes to when it fails.

import { Fault, toFault } from "../fault.ts";
import type { Log } from "../log.ts";

/** Resolves when the handler has; rejects with what it threw, or with `late`, which the signal tells it too. */
export async function attemptWithin(
  patience: number,
  handle: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const late = new AbortController();
  const fault = new Fault("late", `not done after ${patience} ms`);
  const timer = setTimeout(() => late.abort(fault), patience);
  try {
    const tooLong = new Promise((_, reject) =>
      late.signal.addEventListener("abort", () => reject(fault), { once: true }),
    );
    await Promise.race([handle(late.signal), tooLong]);
  } catch (thrown) {
    throw thrown ?? new Fault("failed", "the handler threw nothing");
  } finally {
    clearTimeout(timer);
  }
}

export interface Failure {
  readonly fault: Fault;
  /** As the queue keeps it. */
  readonly reason: string;
  /** The job is dead. */
  readonly isLast: boolean;
}

/** `attempt` is the number of the one that failed, of so many. */
export function failureOf(thrown: unknown, attempt: number, attempts: number): Failure {
  const fault = toFault(thrown);
  return { fault, reason: `${fault.code}: ${fault.message}`, isLast: !fault.temporary || attempt >= attempts };
}

export function logFailure(
  log: Log,
  { fault, isLast }: Failure,
  job: { readonly jobs: string; readonly id: string | number; readonly attempt: number },
): void {
  if (isLast) log.error({ err: fault, ...job }, "a job is dead");
  else log.warn({ err: fault, ...job }, "a job failed and will be tried again");
}
