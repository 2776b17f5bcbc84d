// A role is what a process can be told to do: a gateway, the coordinator, an actor. `sluice serve` starts them.

import type { Actor } from "./actor.ts";
import type { Bus } from "./bus/bus.ts";
import type { Sections } from "./check.ts";
import type { LiveConfig } from "./config/live.ts";
import type { Resolver } from "./dns/dns.ts";
import type { Fault } from "./fault.ts";
import type { Log } from "./log.ts";
import type { Queue } from "./queue/queue.ts";
import type { Store } from "./store/store.ts";

/** What a role gets to work with. Tests hand in another one. */
export interface System {
  readonly config: LiveConfig;
  readonly bus: Bus;
  readonly store: Store;
  readonly queue: Queue;
  readonly resolver: Resolver;
  readonly log: Log;
  /** Declarations of every actor there is, running here or not. */
  readonly actors: readonly Actor[];
  /** ms since 1970. */
  now(): number;
}

export interface Running {
  /** Addresses that it listens on, as an operator would write them: "http://127.0.0.1:11333". */
  readonly listening: readonly string[];
  /** ms that `close` may take at most, when it waits for others. */
  readonly longestClose?: number;
  /** Takes no new work, finishes what is running, lets go. */
  close(): Promise<void>;
}

export interface Role {
  readonly name: string;
  readonly about: string;
  readonly config: Sections;
  /**
   * Looks at values that are each right, together, before they are accepted: at start, at each change, and for
   * `sluice config check`. Answers with faults `bad-config` whose message begins with the key: "composites.SPAM: ...".
   */
  validate?(config: Pick<LiveConfig, "get">, actors: readonly Actor[]): readonly Fault[];
  start(system: System): Promise<Running>;
}

export function defineRole(spec: Role): Role {
  return spec;
}
