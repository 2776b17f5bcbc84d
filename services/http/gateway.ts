// What both doors share while the gateway runs.

import type { Bus } from "../../shared/bus/bus.ts";
import type { Log } from "../../shared/log.ts";
import type { Room } from "../../shared/room.ts";
import type { Access } from "./access.ts";
import type { Record } from "./record.ts";

export interface Limits {
  readonly maxMessage: number;
  readonly taskTimeout: number;
}

export interface LearningActor {
  readonly name: string;
  /** Whether users have models of their own. */
  readonly perUser: boolean;
}

export interface Gateway {
  readonly bus: Bus;
  readonly log: Log;
  readonly now: () => number;
  readonly record: Record;
  /** For messages, over all connections. */
  readonly room: Room;
  /** Actors that learn. This and what follows is replaced as a whole when the configuration changes. */
  learners: readonly LearningActor[];
  limits: Limits;
  access: Access;
  /** No connection is accepted any more; what comes over those that were is answered. */
  closing: boolean;
}
