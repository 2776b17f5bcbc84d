// A whole Sluice without gateways in this process, for tests: every actor and the coordinator on one bus.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadServices } from "../bin/services.ts";
import type { Bus } from "../shared/bus/bus.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import { configOf } from "../shared/config/live.ts";
import { hostActor } from "../shared/host.ts";
import { silent } from "../shared/log.ts";
import { openLocalQueue } from "../shared/queue/local.ts";
import type { System } from "../shared/role.ts";
import { scanSubject } from "../shared/scan.ts";
import { openLmdbStore } from "../shared/store/lmdb.ts";
import type { Case } from "../shared/testing.ts";
import type { Verdict } from "../shared/verdict.ts";

export interface TestSystem {
  scan(mail: Pick<Case, "envelope" | "raw">): Promise<Verdict>;
  close(): Promise<void>;
}

export interface TestSystemOptions {
  readonly now: number;
  /** Configuration as UCL text. */
  readonly config?: string;
  /** Default: a local bus that freezes what it carries, so that writing to a fact fails the test. */
  readonly bus?: Bus;
}

const services = await loadServices();

export async function startSystem(options: TestSystemOptions): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const bus = options.bus ?? openLocalBus({ freeze: true });
  const store = await openLmdbStore({ folder });
  const queue = await openLocalQueue({ folder });
  const system: System = {
    config: configOf(services.sections, options.config),
    bus,
    store,
    queue,
    log: silent,
    actors: services.actors,
    now: () => options.now,
  };
  const coordinator = services.roles.find((role) => role.name === "coordinator");
  if (!coordinator) throw new Error("there is no coordinator");
  const running = [
    await coordinator.start(system),
    ...(await Promise.all(services.actors.map((actor) => hostActor(actor, system)))),
  ];
  let count = 0;
  return {
    scan({ envelope, raw }) {
      count += 1;
      const request = { id: `test-${count}`, envelope, passAll: true, facts: { raw } };
      return bus.ask(scanSubject, request, { deadline: Date.now() + 10_000 });
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
