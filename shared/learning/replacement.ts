// Models are replaced, or reset, all of them or none. What is to become of them is written down first; a process that dies
// in between leaves that behind, and whoever begins to learn next does what is left to do.

import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { Fault, toFault } from "../fault.ts";
import { valueLimit } from "../store/limits.ts";
import type { Store } from "../store/store.ts";
import type { Learner, LearnerPlace } from "./learner.ts";
import { beginModelLife } from "./ledger.ts";

export interface Replacement {
  /** Of the actor. */
  readonly name: string;
  /** The new model; null to forget the old one. */
  readonly bytes: Uint8Array | null;
}

/** What is under `planKey`, as JSON: by actor, what is to become of its model. */
type Plan = Readonly<Record<string, { readonly id: string; readonly pieces: number | null }>>;

const planKey = "model-replacement";
/** ms. Somebody begins to learn long before. */
const planTtl = 30 * 86_400_000;

/** Writes down what is to become of models that `ModelKeeper.check` has accepted. Nobody may be learning. */
export async function prepareReplacement(store: Store, replacements: readonly Replacement[]): Promise<void> {
  const id = randomUUID();
  const plan: Record<string, Plan[string]> = {};
  for (const [actor, left] of Object.entries(await readPlan(store))) {
    if (!(await isDone(store, left.id, actor))) plan[actor] = left;
  }
  for (const { name, bytes } of replacements) {
    plan[name] = { id, pieces: null };
    if (bytes === null) continue;
    const packed = await promisify(gzip)(bytes, { level: 1 });
    const count = Math.ceil(packed.length / valueLimit);
    for (let n = 0; n < count; n++) {
      await store.set(pieceKey(id, name, n), packed.subarray(n * valueLimit, (n + 1) * valueLimit), planTtl);
    }
    plan[name] = { id, pieces: count };
  }
  await store.set(planKey, JSON.stringify(plan), planTtl);
}

async function readPlan(store: Store): Promise<Plan> {
  const text = await store.get(planKey);
  // Only this file writes under this key.
  return text === undefined ? {} : (JSON.parse(text) as Plan);
}

async function isDone(store: Store, id: string, actor: string): Promise<boolean> {
  return (await store.get(doneKey(id, actor))) !== undefined;
}

/** Does what was written down for this actor, if anything was. Only where nobody else learns for it. */
export async function finishReplacement(actor: string, learner: Learner, place: LearnerPlace): Promise<void> {
  const { store, log } = place;
  const { id, pieces } = (await readPlan(store))[actor] ?? { id: "", pieces: null };
  if (id === "" || learner.model === undefined || (await isDone(store, id, actor))) return;
  try {
    if (pieces === null) await learner.model.reset(place);
    else await learner.model.write(await readPieces(store, id, actor, pieces), place);
    await beginModelLife(store, actor);
  } catch (thrown) {
    // The configuration was changed meanwhile. Learning must go on with the model that is there, and what the ledger says of it.
    if (toFault(thrown).code !== "bad-input") throw thrown;
    log.error({ err: thrown, actor }, "a model that was to be imported does not fit any more");
  }
  await store.set(doneKey(id, actor), "1", planTtl);
  for (let n = 0; n < (pieces ?? 0); n++) await store.delete(pieceKey(id, actor, n));
}

async function readPieces(store: Store, id: string, actor: string, count: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let n = 0; n < count; n++) {
    const piece = await store.getBytes(pieceKey(id, actor, n));
    if (piece === undefined) throw new Fault("bad-input", "a piece of the model is missing");
    pieces.push(piece);
  }
  return new Uint8Array(await promisify(gunzip)(Buffer.concat(pieces)));
}

function pieceKey(id: string, actor: string, n: number): string {
  return `${planKey}/${id}/${actor}/${n}`;
}

function doneKey(id: string, actor: string): string {
  return `${planKey}/${id}/${actor}/done`;
}
