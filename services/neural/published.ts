// The published networks in memory, of all rules and of the text: read once, and again when somebody publishes. A mail is
// judged by one that is whole, for they are replaced and never changed.

import type { Log } from "../../shared/log.ts";
import type { Store } from "../../shared/store/store.ts";
import { decodeSymbols, type SymbolNetwork } from "./symbols/network.ts";
import { type Counts, count, openCounts, symbolsKey, textKey } from "./tables.ts";
import { decodeNetwork, type TextNetwork } from "./text/network.ts";

export interface Published {
  readonly counts: Counts;
  /** Null before the first lessons. */
  readonly text: TextNetwork | null;
  symbols(rule: string): SymbolNetwork | null;
  /** Reads the networks of these rules, which are then kept current. */
  want(rules: readonly string[]): void | Promise<void>;
  /** Resolves when all that had been published when it was called is in memory. */
  current(): Promise<void>;
}

export interface PublishedPlace {
  readonly store: Store;
  readonly log: Log;
}

/** One for each store: networks are shared by all that judge. */
const opened = new WeakMap<Store, Published | Promise<Published>>();

/** At once when they are open already. `log` is asked for only when they are not. */
export function openPublished(place: PublishedPlace): Published | Promise<Published> {
  const { store } = place;
  const known = opened.get(store);
  if (known !== undefined) return known;
  const opening = open(store, place.log);
  opened.set(store, opening);
  opening.then(
    (published) => opened.set(store, published),
    // The next one to ask tries again.
    () => opened.delete(store),
  );
  return opening;
}

async function open(store: Store, log: Log): Promise<Published> {
  const counts = await openCounts(store, log);
  const networks = new Map<string, SymbolNetwork | null>();
  let text: TextNetwork | null = null;
  let reading: Promise<void> = Promise.resolve();

  async function read<Network>(key: string, decode: (bytes: Uint8Array) => Network): Promise<Network | null> {
    const bytes = await store.getBytes(key);
    if (bytes === undefined) return null;
    try {
      return decode(bytes);
    } catch (err) {
      // Of another version of Sluice, or damaged: the next lessons publish another one.
      log.error({ err, key }, "a network cannot be read");
      return null;
    }
  }

  async function readAll(what: { readonly text: boolean; readonly symbols: boolean }): Promise<void> {
    if (what.text) text = await read(textKey, decodeNetwork);
    if (!what.symbols) return;
    for (const rule of networks.keys()) networks.set(rule, await read(symbolsKey(rule), decodeSymbols));
  }

  /** One after the other: what is read last is the latest. */
  function readNext(what: { readonly text: boolean; readonly symbols: boolean }): Promise<void> {
    const next = reading.then(() => readAll(what));
    reading = next.catch((err) => log.error({ err }, "networks cannot be read"));
    return next;
  }

  await counts.table.follow((change) => {
    const all = change === "reread";
    const what = {
      text: all || change.cells.includes(count.text),
      symbols: all || change.cells.includes(count.symbols),
    };
    if (what.text || what.symbols) void readNext(what).catch(() => undefined);
  });
  await readNext({ text: true, symbols: true });
  return {
    counts,
    get text() {
      return text;
    },
    symbols: (rule) => networks.get(rule) ?? null,
    want(rules) {
      const missing = rules.filter((rule) => !networks.has(rule));
      if (missing.length === 0) return;
      for (const rule of missing) networks.set(rule, null);
      return readNext({ text: false, symbols: true });
    },
    current: () => readNext({ text: true, symbols: true }),
  };
}
