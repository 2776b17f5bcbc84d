// Where the actor keeps what it learned: names of tables and keys, and how processes hear of what was published.

import type { Log } from "../../shared/log.ts";
import { type LiveTable, openLiveTable } from "../../shared/store/live-table.ts";
import type { Store, Table } from "../../shared/store/store.ts";
import { schema } from "./text/features.ts";
import { cells } from "./text/network.ts";

/** The published text network. */
export const textKey = `neural/${schema}/text`;
/** Lessons that are held back, and how the network judged the latest ones before it learned them. */
export const trialsKey = `neural/${schema}/trials`;

/** The published network of a rule. */
export function symbolsKey(rule: string): string {
  return `neural/${schema}/symbols/${rule}`;
}

/** Cells of the small table: lessons by label, and how often something was published. */
export const count = { spam: 0, ham: 1, text: 2, symbols: 3 } as const;

export interface Counts {
  readonly table: Table;
  readonly live: LiveTable;
}

/** The small table of a store, which every process follows. */
export async function openCounts(store: Store, log: Log): Promise<Counts> {
  const table = await store.table(`neural/${schema}/counts`, { cells: 4, bits: 32 });
  const live = await openLiveTable(table, (err) => log.error({ err }, "the counts of neural cannot be read again"));
  return { table, live };
}

/** The large table: two cells for each feature, what lessons of spam and of ham added. Only those who teach read it. */
export async function openLessons(store: Store, log: Log): Promise<Counts> {
  const table = await store.table(`neural/${schema}/lessons`, { cells: 2 * cells, bits: 32 });
  const live = await openLiveTable(table, (err) => log.error({ err }, "the lessons of neural cannot be read again"));
  return { table, live };
}

export function lessonsOf({ live }: Counts): { readonly spam: number; readonly ham: number } {
  return { spam: live.counters[count.spam] ?? 0, ham: live.counters[count.ham] ?? 0 };
}

/** Tells all processes that something was published. */
export async function announce({ table }: Counts, what: "text" | "symbols"): Promise<void> {
  await table.add(Uint32Array.of(count[what]), Int32Array.of(1));
}
