// The model in memory: the counters of all tokens, kept current, and how many lessons they hold. The truth is in the
// store; to judge a mail costs no way there.

import { Ahead } from "../../shared/learning/ahead.ts";
import { lessonsBy, signOf } from "../../shared/learning/change.ts";
import type { ModelChange } from "../../shared/learning/learner.ts";
import type { Log } from "../../shared/log.ts";
import { type LiveTable, openLiveTable } from "../../shared/store/live-table.ts";
import type { Store, Table } from "../../shared/store/store.ts";
import { readFeatures, strengthBits, strengthIn } from "./features.ts";
import { Gate } from "./gate.ts";
import { addressBits, cellBits } from "./table-size.ts";
import { tokenBits } from "./token-set.ts";

/** Version of tokens, counters and features: with another, what was learned means nothing. */
export const schema = 2;

/** Cells of the small table. */
export const count = { spam: 0, ham: 1, halvings: 2 } as const;

export interface Model {
  readonly store: Store;
  /** Of its large table. */
  readonly name: string;
  /** Bits of a token's number. */
  readonly bits: number;
  readonly tokens: { readonly table: Table; readonly live: LiveTable };
  readonly counts: { readonly table: Table; readonly live: LiveTable };
  /** Changes of `tokens` that are on their way. */
  readonly ahead: Ahead;
  /** Changes share it; who halves the table is alone. */
  readonly gate: Gate;
}

/** One for each store and size: tables are shared by all that look at them. */
const opened = new WeakMap<Store, Map<number, Model | Promise<Model>>>();

/** Where a model is; `log` is asked for only when it is not open yet. */
export interface ModelPlace {
  readonly store: Store;
  readonly log: Log;
}

/** The model of a store: at once when it is open already. */
export function openModel(place: ModelPlace, size: number): Model | Promise<Model> {
  const { store } = place;
  const bits = addressBits(size);
  let models = opened.get(store);
  if (models === undefined) {
    models = new Map();
    opened.set(store, models);
  }
  const known = models.get(bits);
  if (known !== undefined) return known;
  const opening = open(store, bits, place.log);
  models.set(bits, opening);
  opening.then(
    (model) => models.set(bits, model),
    // The next one to ask tries again.
    () => models.delete(bits),
  );
  return opening;
}

async function open(store: Store, bits: number, log: Log): Promise<Model> {
  const name = `bayes/${schema}/${bits}`;
  const onFault = (thrown: unknown) => log.error({ err: thrown, table: name }, "a table cannot be read again");
  const table = await store.table(name, { cells: 2 ** (bits + 1), bits: cellBits });
  const counts = await store.table(`${name}/lessons`, { cells: 3, bits: 32 });
  return {
    store,
    name,
    bits,
    tokens: { table, live: await openLiveTable(table, onFault) },
    counts: { table: counts, live: await openLiveTable(counts, onFault) },
    ahead: new Ahead(),
    gate: new Gate(),
  };
}

/** Lessons that the model holds. */
export function lessonsOf({ counts }: Model): { readonly spam: number; readonly ham: number } {
  const { counters } = counts.live;
  return { spam: counters[count.spam] ?? 0, ham: counters[count.ham] ?? 0 };
}

/** How often the table has been halved. */
export function halvingsOf({ counts }: Model): number {
  return counts.live.counters[count.halvings] ?? 0;
}

/** What is left of what was added when the table had been halved so often. */
export function leftOver(model: Model, strength: number, halvings: number): number {
  const since = (halvingsOf(model) - halvings) & 0xff;
  // A shift by 32 is none.
  return since > strengthBits ? 0 : strength >>> since;
}

/** Makes one change, for all processes. */
export function applyChange(model: Model, change: ModelChange): Promise<void> {
  return model.gate.share(() => makeChange(model, change));
}

async function makeChange(model: Model, change: ModelChange): Promise<void> {
  const { label, features, key } = change;
  const adding: Promise<unknown>[] = [];
  if (strengthIn(features) !== 0) adding.push(addToTokens(model, change));
  const by = lessonsBy(change);
  if (by !== 0) adding.push(model.counts.table.add(Uint32Array.of(count[label]), Int32Array.of(by), key));
  await Promise.all(adding);
}

async function addToTokens(model: Model, change: ModelChange): Promise<void> {
  const { cells, by } = additionOf(model, change);
  if (by !== 0) await model.tokens.table.add(cells, new Int32Array(cells.length).fill(by), change.key);
}

/** What a change adds, and where. */
function additionOf(model: Model, change: ModelChange): { cells: Uint32Array; by: number } {
  const { strength, halvings, tokens } = readFeatures(change.features);
  // A lesson that was weighed before the table was halved is halved with it, be it in the table or on its way there.
  const by = signOf(change) * leftOver(model, strength, halvings);
  const shift = tokenBits - model.bits;
  const side = change.label === "spam" ? 0 : 1;
  return { cells: tokens.map((token) => (token >>> shift) * 2 + side), by };
}

/** Counts changes in for those who weigh lessons, until the answer is called. */
export function expectChanges(model: Model, changes: readonly ModelChange[]): () => void {
  const arrived = changes
    .filter(({ features }) => strengthIn(features) !== 0)
    .map((change) => {
      const { cells, by } = additionOf(model, change);
      return model.ahead.expect(cells, by);
    });
  return () => {
    for (const end of arrived) end();
  };
}
