// Halves what all tokens have: what was seen once is forgotten, and what is new weighs more than what is old. How often that
// was done is counted, for a lesson is taken back as what is left of it. Tokens and count are two tables: what is to be done is
// written down first, so that whoever learns after a process that died in between knows whether the tokens are halved.

import type { Store } from "../../shared/store/store.ts";
import { count, type Model } from "./model.ts";

const key = "bayes/halving";
/** ms that a change of a table may take to be heard of. */
const longestLag = 1_000;

/** As JSON. */
interface Plan {
  readonly table: string;
  /** How often the table had been halved before. */
  readonly halvings: number;
  /** Of all counters, before. */
  readonly sum: number;
}

/** In the one process that learns. What it learns meanwhile waits. */
export function halve(model: Model): Promise<void> {
  return model.gate.alone(async () => {
    const plan = { table: model.name, halvings: await halvingsIn(model), sum: await sumOf(model) };
    await model.store.set(key, JSON.stringify(plan), Number.POSITIVE_INFINITY);
    await model.tokens.table.halve();
    await countHalving(model);
  });
}

/** Before the first lesson of a process: does what one that died while it halved has left to do. */
export async function finishHalving(model: Model): Promise<void> {
  const text = await model.store.get(key);
  // Only this file writes under this key.
  const plan = text === undefined ? null : (JSON.parse(text) as Plan);
  if (plan?.table === model.name && plan.halvings === (await halvingsIn(model))) {
    await model.gate.alone(async () => {
      if ((await sumOf(model)) === plan.sum) await model.tokens.table.halve();
      await countHalving(model);
    });
  }
  await hearHalvings(model);
}

/** A model that was replaced has nothing left to halve. */
export async function forgetHalving(store: Store): Promise<void> {
  await store.delete(key);
}

async function countHalving(model: Model): Promise<void> {
  await model.counts.table.add(Uint32Array.of(count.halvings), Int32Array.of(1));
  await forgetHalving(model.store);
  await hearHalvings(model);
}

async function halvingsIn({ counts }: Model): Promise<number> {
  return (await counts.table.read())[count.halvings] ?? 0;
}

async function sumOf({ tokens }: Model): Promise<number> {
  let sum = 0;
  for (const counter of await tokens.table.read()) sum += counter;
  return sum;
}

/** A store tells of a change a little after it was made: what is learned next must know how often the table was halved. */
async function hearHalvings(model: Model): Promise<void> {
  const halvings = await halvingsIn(model);
  const until = performance.now() + longestLag;
  while (model.counts.live.counters[count.halvings] !== halvings && performance.now() < until) {
    await new Promise((done) => setTimeout(done, 5));
  }
}
