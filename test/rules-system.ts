// The coordinator and all actors of a site with rules of its own, in this process, on a configuration that changes.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Services } from "../bin/services.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import type { LiveConfig } from "../shared/config/live.ts";
import { symbolNames } from "../shared/configured.ts";
import { zoneDns } from "../shared/dns/zone.testing.ts";
import { hostActor } from "../shared/host.ts";
import { silent } from "../shared/log.ts";
import { openLocalQueue } from "../shared/queue/local.ts";
import { scanSubject } from "../shared/scan.ts";
import { openLmdbStore } from "../shared/store/lmdb.ts";
import type { TestSystem } from "./system.ts";

export type { TestSystem };

export async function startWith({ actors, roles }: Services, config: LiveConfig): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const bus = openLocalBus({ freeze: true });
  const store = await openLmdbStore({ folder });
  const queue = await openLocalQueue({ folder });
  const system = { config, bus, store, queue, resolver: zoneDns([]), log: silent, actors, now: Date.now };
  const coordinator = roles.find((role) => role.name === "coordinator");
  if (!coordinator) throw new Error("there is no coordinator");
  const running = [await coordinator.start(system)];
  for (const actor of actors) running.push(await hostActor(actor, system));
  return {
    scan({ envelope, raw }) {
      return bus.ask(
        scanSubject,
        { id: "test", envelope, passAll: true, facts: { raw } },
        { deadline: Date.now() + 10_000 },
      );
    },
    async close() {
      for (const part of running) await part.close();
      await bus.close();
      await queue.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function configuredNames({ actors }: Services, config: LiveConfig): ReadonlySet<string> {
  return symbolNames(actors, config);
}
