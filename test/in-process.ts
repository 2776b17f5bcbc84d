// A Sluice without gateways in this process: coordinator and actors on one bus, the drivers of one machine in a folder
// that goes with them, a name server that knows what it is given.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Services } from "../bin/services.ts";
import type { Bus } from "../shared/bus/bus.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import type { LiveConfig } from "../shared/config/live.ts";
import type { Resolver } from "../shared/dns/dns.ts";
import { zoneDns } from "../shared/dns/zone.testing.ts";
import { hostActor } from "../shared/host.ts";
import { lessonJobs } from "../shared/learning/lesson.ts";
import { silent } from "../shared/log.ts";
import { openLocalQueue } from "../shared/queue/local.ts";
import type { System } from "../shared/role.ts";
import { openLmdbStore } from "../shared/store/lmdb.ts";

export interface InProcessOptions {
  readonly services: Pick<Services, "actors" | "roles">;
  readonly config: LiveConfig;
  /** Default: a local bus that freezes what it carries, so that writing to a fact fails the test. */
  readonly bus?: Bus | undefined;
  /** Lines of the DNS; there is nothing else in it. */
  readonly zone?: readonly string[] | undefined;
  /** In the place of `zone`. */
  readonly resolver?: Resolver;
  readonly now?: () => number;
}

export interface InProcess extends System {
  close(): Promise<void>;
}

export async function startInProcess(options: InProcessOptions): Promise<InProcess> {
  const { services, config, bus = openLocalBus({ freeze: true }), zone = [], now = Date.now } = options;
  const { resolver = zoneDns(zone) } = options;
  const { actors } = services;
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const store = await openLmdbStore({ folder });
  const queue = await openLocalQueue({ folder });
  const system: System = { config, bus, store, queue, resolver, log: silent, actors, now };
  const coordinator = services.roles.find((role) => role.name === "coordinator");
  if (!coordinator) throw new Error("there is no coordinator");
  const running = [
    await coordinator.start(system),
    ...(await Promise.all(actors.map((actor) => hostActor(actor, system)))),
  ];
  return {
    ...system,
    async close() {
      for (const part of running) await part.close();
      await bus.close();
      await queue.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when every lesson that was accepted is learned; rejects when one cannot be. */
export async function allLearned({ actors, queue }: System): Promise<void> {
  for (const { name, learner } of actors) {
    for (; learner !== undefined; await pause()) {
      const { waiting, delayed, atWork, dead } = await queue.count(lessonJobs(name));
      if (dead > 0) throw new Error(`${name} could not learn a lesson`);
      if (waiting + delayed + atWork === 0) break;
    }
  }
}

/** A moment, for what tells nobody when it is done. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}
