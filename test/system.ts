// A whole Sluice without gateways in this process, for tests: every actor and the coordinator on one bus.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadServices } from "../bin/services.ts";
import type { Bus } from "../shared/bus/bus.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import { configOf } from "../shared/config/live.ts";
import { zoneDns } from "../shared/dns/zone.testing.ts";
import { hostActor } from "../shared/host.ts";
import { type LearnAnswer, type Lesson, learnSubject, lessonJobs } from "../shared/learning/lesson.ts";
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

export interface LearningSystem extends TestSystem {
  /** Resolves when the lesson is learned. */
  learn(lesson: Lesson, mail: Pick<Case, "envelope" | "raw">): Promise<LearnAnswer>;
}

export interface TestSystemOptions {
  readonly now: number;
  /** Configuration as UCL text. */
  readonly config?: string;
  /** Lines of the DNS; there is nothing else in it. */
  readonly zone?: readonly string[];
  /** Default: a local bus that freezes what it carries, so that writing to a fact fails the test. */
  readonly bus?: Bus;
}

const services = await loadServices();

/** ms: cases are about verdicts, whatever else the machine has to do. */
const patience = 60_000;

export async function startSystem(options: TestSystemOptions): Promise<LearningSystem> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const bus = options.bus ?? openLocalBus({ freeze: true });
  const store = await openLmdbStore({ folder });
  const queue = await openLocalQueue({ folder });
  const system: System = {
    config: configOf(services.sections, `options { task_timeout = ${patience}ms; }\n${options.config ?? ""}`),
    bus,
    store,
    queue,
    resolver: zoneDns(options.zone ?? []),
    log: silent,
    actors: services.actors.map((actor) => ({ ...actor, deadline: patience })),
    now: () => options.now,
  };
  const coordinator = services.roles.find((role) => role.name === "coordinator");
  if (!coordinator) throw new Error("there is no coordinator");
  const running = [
    await coordinator.start(system),
    ...(await Promise.all(system.actors.map((actor) => hostActor(actor, system)))),
  ];
  let count = 0;

  async function allLearned(actor: string): Promise<void> {
    for (;;) {
      const { waiting, delayed, atWork, dead } = await queue.count(lessonJobs(actor));
      if (dead > 0) throw new Error(`${actor} could not learn a lesson`);
      if (waiting + delayed + atWork === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  return {
    scan({ envelope, raw }) {
      count += 1;
      const request = { id: `test-${count}`, envelope, passAll: true, facts: { raw } };
      return bus.ask(scanSubject, request, { deadline: Date.now() + 2 * patience });
    },
    async learn(lesson, { envelope, raw }) {
      count += 1;
      const request = { id: `test-${count}`, lesson, origin: "hand" as const, envelope, facts: { raw } };
      const answer = await bus.ask(learnSubject, request, { deadline: Date.now() + 2 * patience });
      for (const actor of services.actors) if (actor.learner) await allLearned(actor.name);
      return answer;
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
