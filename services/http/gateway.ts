// What both doors share while the gateway runs.

import type { Bus } from "../../shared/bus/bus.ts";
import type { Log } from "../../shared/log.ts";
import type { Access } from "./access.ts";
import type { Budget } from "./body.ts";
import type { Record } from "./record.ts";

export interface Limits {
  readonly maxMessage: number;
  readonly taskTimeout: number;
}

export interface Gateway {
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => number;
  readonly record: Record;
  /** Actors that learn. */
  readonly learners: readonly string[];
  readonly budget: Budget;
  /** Replaced as a whole when the configuration changes. */
  limits: Limits;
  access: Access;
  /** No connection is accepted any more; what comes over those that were is answered. */
  closing: boolean;
}
