// One attempt at a job: the handler, and the time that it may take.

import { Fault } from "../fault.ts";

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
