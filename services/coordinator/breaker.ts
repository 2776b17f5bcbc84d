// A check that keeps failing is not asked for a while, so that one sick actor costs the mail at most a few deadlines.
// After the pause one scan tries again; its answer decides for all.

export interface BreakerLimits {
  /** So many failures ... */
  readonly failures: number;
  /** ... within so many ms open the breaker ... */
  readonly window: number;
  /** ... for so many ms. */
  readonly pause: number;
}

interface State {
  failures: number;
  since: number;
  /** Asked again from this time on; 0 while closed. */
  openUntil: number;
  probing: boolean;
}

/** Remembers failures by check. */
export class Breaker {
  readonly #states = new Map<string, State>();
  readonly #limits: () => BreakerLimits;

  constructor(limits: () => BreakerLimits) {
    this.#limits = limits;
  }

  /** No check has failed of late: then there is nothing to ask it, and nothing to tell it but failures. */
  get quiet(): boolean {
    return this.#states.size === 0;
  }

  /** Whether the check may be asked now. Claims the one try after a pause: the caller must report how it went. */
  allows(check: string, now: number): boolean {
    const state = this.#states.get(check);
    if (!state || state.openUntil === 0) return true;
    if (now < state.openUntil || state.probing) return false;
    state.probing = true;
    return true;
  }

  succeeded(check: string): void {
    this.#states.delete(check);
  }

  /** The question went out and its answer says nothing of the check: the try after a pause is free again. */
  abandoned(check: string): void {
    const state = this.#states.get(check);
    if (state) state.probing = false;
  }

  /** Reports a failure; answers whether this one opened the breaker. */
  failed(check: string, now: number): boolean {
    const limits = this.#limits();
    const state = this.#states.get(check) ?? { failures: 0, since: now, openUntil: 0, probing: false };
    this.#states.set(check, state);
    if (state.openUntil > 0) {
      // Answers to questions from before it opened come in late and say nothing new.
      if (state.probing || now >= state.openUntil) state.openUntil = now + limits.pause;
      state.probing = false;
      return false;
    }
    if (now - state.since > limits.window) {
      state.failures = 0;
      state.since = now;
    }
    state.failures += 1;
    if (state.failures < limits.failures) return false;
    state.openUntil = now + limits.pause;
    return true;
  }
}
