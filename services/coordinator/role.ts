import { withConfigured } from "../../shared/configured.ts";
import { defineRole } from "../../shared/role.ts";
import { scannedTopic, scanSubject, symbolsSubject } from "../../shared/scan.ts";
import type { Standing } from "../../shared/task.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { askStage, type Progress } from "./ask.ts";
import { Breaker } from "./breaker.ts";
import { withoutOpinions } from "./conclude.ts";
import { config } from "./config.ts";
import { knownSymbols } from "./known-symbols.ts";
import { learnFromVerdict, learningActors, serveLessons } from "./learn.ts";
import { logVerdict } from "./log-verdict.ts";
import type { Question } from "./plan.ts";
import { makePolicy, policyFaults } from "./policy.ts";
import { type Aftermath, type Surroundings, scan } from "./scan.ts";

function standingOf({ score, required, action, symbols }: Verdict): Standing {
  return { score, required, action, symbols: symbols.map(({ name, score }) => ({ name, score })) };
}

export default defineRole({
  name: "coordinator",
  about: "Scans: plans the checks, asks the actors, adds up, decides.",
  config,
  validate: (live, actors) => policyFaults(withConfigured(actors, live), live.get(config)),
  async start(system) {
    const configured = () => [withConfigured(system.actors, system.config), system.config.get(config)] as const;
    const currentPolicy = () => makePolicy(...configured());
    let policy = currentPolicy();
    const forget = system.config.onChange(() => {
      policy = currentPolicy();
    });
    const { bus, log } = system;
    const breaker = new Breaker(() => policy.breaker);
    const around: Surroundings = { bus, log, breaker, now: () => system.now() };
    const idle = new Set<Promise<void>>();
    const learns = learningActors(system.actors).length > 0;

    /** Nothing here can delay or lose a mail: the verdict is out. */
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
      const own = { failed: [], timings: [], deadline: Date.now() + policy.timeout };
      const after = { ...progress, facts: { ...progress.facts, standing: standingOf(verdict) }, ...own };
      const asking = { bus, breaker, onBreak: () => {}, isOn: () => false };
      await askStage(questions, after, asking, () => true);
    }

    const serving = await bus.serve(
      scanSubject,
      { slots: system.config.get(config).options.max_tasks },
      async (request, call) => {
        const used = policy;
        const { verdict, aftermath } = await scan(request, used, around, call);
        if (!aftermath.noLog) {
          logVerdict(log, used, request, verdict);
          const { facts: _, ...asked } = request;
          const subject = aftermath.progress.facts.headers.subject ?? "";
          // Who listens counts and keeps records: what can be long stays here.
          const short = { ...verdict, urls: [], emails: [] };
          bus.publish(scannedTopic, { time: system.now(), request: asked, subject, verdict: short });
        }
        if (aftermath.plan.stages.idle.length > 0 || (learns && !verdict.skipped)) {
          const work: Promise<void> = finish(aftermath, verdict)
            .catch((err) => log.error({ task: request.id, err }, "what follows a verdict has failed"))
            .finally(() => idle.delete(work));
          idle.add(work);
        }
        return verdict;
      },
    );
    const listing = await bus.serve(symbolsSubject, { slots: 1 }, async () => {
      const [actors, values] = configured();
      return knownSymbols(actors, policy, values);
    });
    const lessons = await serveLessons(system);
    return {
      listening: [],
      async close() {
        forget();
        await serving.stop();
        await listing.stop();
        await lessons.close();
        await Promise.all(idle);
      },
    };
  },
});
