// Whether name servers of which none answers queries answer anything at all. They are asked for the root, which each of
// them knows by heart: names of a domain whose own servers are silent, as anybody can have one, prove nothing.

import { Flight, type FlightPlan } from "./flight.ts";

export class Watch {
  readonly #plan: FlightPlan;
  #isSilent = false;
  #flight: Flight<"NS"> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(plan: FlightPlan) {
    this.#plan = plan;
  }

  /** No server answers. A query may as well be given up at once; the first reply ends it. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** A query has failed. */
  look(): void {
    if (this.#isOver || this.#flight !== undefined || this.#timer !== undefined) return;
    if (!this.#plan.servers.upstreams.isAlive) this.#ask();
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#flight?.abandon();
  }

  #ask(): void {
    const { servers, timeout } = this.#plan;
    // Each server once. That it knows the root does not make one good that failed with all else; that it is there again does.
    const plan = { ...this.#plan, retransmits: servers.upstreams.all.length - 1, counts: this.#isSilent };
    const flight = new Flight("", "NS", plan, () => {
      this.#flight = undefined;
      this.#isSilent = !flight.isHeard;
      if (!this.#isSilent) return;
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#ask();
      }, timeout).unref();
    });
    this.#flight = flight;
    flight.start();
  }
}
