// What follows a verdict: idle checks, and learning from it. Nothing here can delay or lose a mail: the verdict is out.

import type { System } from "../../shared/role.ts";
import type { Standing } from "../../shared/task.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { askStage, type Progress } from "./ask.ts";
import type { Breaker } from "./breaker.ts";
import { withoutOpinions } from "./conclude.ts";
import { learnFromVerdict, learningActors } from "./learn.ts";
import type { Question } from "./plan.ts";
import type { Aftermath } from "./scan.ts";

export interface Followers {
  follow(aftermath: Aftermath, verdict: Verdict): void;
  /** Resolves when nothing is at work any more. */
  settled(): Promise<void>;
}

/** `timeout`: ms that idle checks may take. */
export function openAftermath(system: System, breaker: Breaker, timeout: () => number): Followers {
  const { bus, log } = system;
  const atWork = new Set<Promise<void>>();
  const learns = learningActors(system.actors).length > 0;

  async function finish({ terms, plan, progress }: Aftermath, verdict: Verdict): Promise<void> {
    const { id, envelope, facts, findings } = progress;
    const standing = () => withoutOpinions(verdict, terms, progress);
    await Promise.all([
      askIdle(plan.stages.idle, progress, verdict),
      learnFromVerdict(system, { id, envelope, facts, findings, standing }),
    ]);
  }

  async function askIdle(questions: readonly Question[], progress: Progress, verdict: Verdict): Promise<void> {
    if (questions.length === 0) return;
    // What belongs to the verdict stays as it went out.
    const own = { failed: [], timings: [], deadline: Date.now() + timeout() };
    const after = { ...progress, facts: { ...progress.facts, standing: standingOf(verdict) }, ...own };
    const asking = { bus, breaker, onBreak: () => {}, isOn: () => false };
    await askStage(questions, after, asking, () => true);
  }

  return {
    follow(aftermath, verdict) {
      if (aftermath.plan.stages.idle.length === 0 && (!learns || verdict.skipped)) return;
      const work: Promise<void> = finish(aftermath, verdict)
        .catch((err) => log.error({ task: aftermath.progress.id, err }, "what follows a verdict has failed"))
        .finally(() => atWork.delete(work));
      atWork.add(work);
    },
    async settled() {
      await Promise.all(atWork);
    },
  };
}

function standingOf({ score, required, action, symbols }: Verdict): Standing {
  return { score, required, action, symbols: symbols.map(({ name, score }) => ({ name, score })) };
}
