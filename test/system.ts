// A whole Sluice without gateways in this process, for tests: every actor and the coordinator on one bus.

import { loadServices } from "../bin/services.ts";
import type { Bus } from "../shared/bus/bus.ts";
import { configOf } from "../shared/config/live.ts";
import { type LearnAnswer, type Lesson, learnSubject } from "../shared/learning/lesson.ts";
import { scanSubject } from "../shared/scan.ts";
import type { Case } from "../shared/testing.ts";
import type { Verdict } from "../shared/verdict.ts";
import { allLearned, startInProcess } from "./in-process.ts";

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

/** ms: cases are about verdicts, whatever else the machine has to do. */
const patience = 60_000;

const { actors, roles, sections } = await loadServices();
const patient = { roles, actors: actors.map((actor) => ({ ...actor, deadline: patience })) };

export async function startSystem({ now, config = "", zone, bus }: TestSystemOptions): Promise<LearningSystem> {
  const system = await startInProcess({
    services: patient,
    config: configOf(sections, `options { task_timeout = ${patience}ms; }\n${config}`),
    bus,
    zone,
    now: () => now,
  });
  let count = 0;
  return {
    scan({ envelope, raw }) {
      count += 1;
      const request = { id: `test-${count}`, envelope, passAll: true, facts: { raw } };
      return system.bus.ask(scanSubject, request, { deadline: Date.now() + 2 * patience });
    },
    async learn(lesson, { envelope, raw }) {
      count += 1;
      const request = { id: `test-${count}`, lesson, origin: "hand" as const, envelope, facts: { raw } };
      const answer = await system.bus.ask(learnSubject, request, { deadline: Date.now() + 2 * patience });
      await allLearned(system);
      return answer;
    },
    close: system.close,
  };
}
