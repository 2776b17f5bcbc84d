// Hosts an actor in this process: serves its questions on the bus.

import type { Actor } from "./actor.ts";
import { answering } from "./answer.ts";
import { hostLearner } from "./learning/hosting.ts";
import { actorSubject } from "./question.ts";
import type { Running, System } from "./role.ts";

export async function hostActor(actor: Actor, system: System): Promise<Running> {
  const { config, log, store, queue, resolver, bus } = system;
  const answer = answering(actor, { config, log, store, queue, resolver });
  const serving = await bus.serve(actorSubject(actor.name), { slots: actor.slots }, answer);
  if (actor.learner === undefined) return { listening: [], close: () => serving.stop() };
  const learning = await hostLearner(actor, actor.learner, system);
  return {
    listening: [],
    async close() {
      await serving.stop();
      await learning.close();
    },
  };
}
