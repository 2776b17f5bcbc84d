// Hosts an actor in this process: serves its questions on the bus.

import type { Actor } from "./actor.ts";
import { answering } from "./answer.ts";
import { actorSubject } from "./question.ts";
import type { Running, System } from "./role.ts";

export async function hostActor(actor: Actor, system: System): Promise<Running> {
  const { config, log, store, queue, bus } = system;
  const answer = answering(actor, { config, log, store, queue });
  const serving = await bus.serve(actorSubject(actor.name), { slots: actor.slots }, answer);
  return { listening: [], close: () => serving.stop() };
}
