// The bodies of /symbols, /counters and /actions (R 1.5).

import { actions } from "../../shared/verdict.ts";
import type { Gateway } from "./gateway.ts";
import { currentThresholds } from "./readiness.ts";
import type { SymbolCount } from "./symbol-counts.ts";

/** Symbols by group, both in the order of their names. */
export function symbolsBody(gateway: Gateway): object[] {
  const groups = Map.groupBy(gateway.record.symbols.list(), ({ group }) => group);
  return [...groups]
    .sort(([one], [other]) => compare(one, other))
    .map(([group, symbols]) => ({
      group,
      rules: symbols
        .sort((one, other) => compare(one.symbol, other.symbol))
        .map((count) => ({
          symbol: count.symbol,
          weight: count.weight,
          description: count.about,
          ...frequencies(count),
        })),
    }));
}

export function countersBody(gateway: Gateway): object[] {
  return gateway.record.symbols.list().map((count) => ({
    symbol: count.symbol,
    weight: count.weight,
    hits: count.hits,
    ...frequencies(count),
  }));
}

function frequencies({ frequency, deviation, time }: SymbolCount): object {
  return { frequency, frequency_stddev: deviation, time };
}

/** Every action with its threshold; null for those that no score leads to. */
export async function actionsBody(gateway: Gateway): Promise<object[]> {
  const thresholds = await currentThresholds(gateway);
  const names = new Set([...actions, ...Object.keys(thresholds)]);
  return [...names].map((action) => ({ action, value: thresholds[action] ?? null }));
}

/** Distribution of the verdicts for a chart. */
export function pieBody(gateway: Gateway): object[] {
  const { actions: counts } = gateway.record.totals;
  const slice = (label: string, color: string, ...names: readonly string[]) => {
    const value = names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0);
    return { color, label, data: value, value };
  };
  return [
    slice("Clean", "#66CC00", "no action"),
    slice("Temporarily rejected", "#BF8040", "soft reject"),
    slice("Probable spam", "#FFD700", "rewrite subject", "add header"),
    slice("Greylisted", "#436EEE", "greylist"),
    slice("Rejected", "#FF0000", "reject"),
  ];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
