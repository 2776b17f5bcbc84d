// The bodies of /symbols, /counters and /actions (R 1.5).

import { symbolsSubject } from "../../shared/scan.ts";
import { actions } from "../../shared/verdict.ts";
import type { Gateway } from "./gateway.ts";
import { currentThresholds, patience } from "./readiness.ts";
import type { SymbolCount } from "./symbol-counts.ts";

/** What was counted, beside what a coordinator knows of symbols. Without one they are as their checks declare them. */
async function counted({ bus, log, now, record }: Gateway): Promise<readonly SymbolCount[]> {
  const counts = new Map(record.symbols.list().map((count) => [count.symbol, count]));
  try {
    for (const { symbol, group, about, score } of await bus.ask(symbolsSubject, null, { deadline: now() + patience })) {
      const count = counts.get(symbol) ?? { symbol, hits: 0, frequency: 0, deviation: 0, time: 0 };
      counts.set(symbol, { ...count, group, about, weight: score });
    }
  } catch (err) {
    log.warn({ err }, "no coordinator says what symbols there are");
  }
  return [...counts.values()];
}

/** Symbols by group, both in the order of their names. */
export async function symbolsBody(gateway: Gateway): Promise<object[]> {
  const groups = Map.groupBy(await counted(gateway), ({ group }) => group);
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

export async function countersBody(gateway: Gateway): Promise<object[]> {
  return (await counted(gateway)).map((count) => ({
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
