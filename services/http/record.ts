// What the gateway remembers of the verdicts that went by: its own, those of every other process on the bus, and, as
// sums, those of the other worker processes.

import { randomUUID } from "node:crypto";
import type { Actor } from "../../shared/actor.ts";
import type { Counts } from "../../shared/metrics.ts";
import type { Scanned } from "../../shared/scan.ts";
import { type ErrorRing, type ErrorRow, openErrorRing } from "./error-ring.ts";
import { hasFlag, parseFlags } from "./flags.ts";
import { type GatewayMetrics, openGatewayMetrics } from "./gateway-metrics.ts";
import { type History, type HistoryRow, openHistory } from "./history.ts";
import { type HitCounts, openSymbolCounts, type SymbolCounts } from "./symbol-counts.ts";
import { openTotals, type TotalCounts, type Totals } from "./totals.ts";

const resettables = ["statistics", "history"] as const;
export type Resettable = (typeof resettables)[number];

/** Part of a record, or a whole one, as worker processes tell it to each other. */
export interface Tally {
  /** When what it counts was last reset, ms since 1970; 0: never. */
  readonly resets: Readonly<{ [what in Resettable]: number }>;
  /** When the first of the processes that it speaks of started. */
  readonly started: number;
  readonly metrics: Counts;
  readonly totals: TotalCounts;
  readonly hits: HitCounts;
  readonly rows: readonly HistoryRow[];
  readonly errors: readonly ErrorRow[];
}

export interface Record {
  /** Different in each gateway. */
  readonly id: string;
  readonly history: History;
  readonly symbols: SymbolCounts;
  readonly totals: Totals;
  readonly metrics: GatewayMetrics;
  readonly errors: ErrorRing;
  /** ms since 1970. */
  readonly started: number;
  readonly resets: Tally["resets"];
  add(event: Scanned): void;
  /** Forgets what came before a reset at this time, unless it did so already. */
  reset(what: Resettable, at: number): void;
  /** What was added here since the last time. */
  take(): Tally;
  /** Everything. */
  all(): Tally;
  /** Adds what another process has counted just now. */
  absorb(tally: Tally): void;
  /** Adds what all others had counted before this process came. */
  inherit(tally: Tally): void;
}

export function openRecord(actors: readonly Actor[], now: () => number): Record {
  const [history, symbols, totals] = [openHistory(), openSymbolCounts(actors, now), openTotals()];
  const [metrics, errors] = [openGatewayMetrics(), openErrorRing(now)];
  const resets = { statistics: 0, history: 0 };
  let started = now();

  /** What was counted before a reset is forgotten, also when it comes later. */
  function add(
    { metrics: counts, totals: sums, hits, rows, errors: failures, resets: others }: Tally,
    recently: boolean,
  ) {
    metrics.registry.absorb(counts);
    errors.absorb(failures);
    if (others.statistics === resets.statistics) {
      totals.absorb(sums);
      symbols.absorb(hits, recently);
    }
    if (others.history === resets.history) history.absorb(rows);
  }

  const record: Record = {
    id: randomUUID(),
    history,
    symbols,
    totals,
    metrics,
    errors,
    resets,
    get started() {
      return started;
    },
    add(event) {
      if (!hasFlag(parseFlags(event.request.requestHeaders?.flags), "no_stat")) {
        totals.add(event);
        symbols.add(event);
        metrics.add(event);
      }
      if (event.request.noLog !== true) history.add(event);
      for (const { actor, check, message } of event.verdict.failed) errors.add(actor, check, message, event.request.id);
    },
    reset(what, at) {
      if (at <= resets[what]) return;
      resets[what] = at;
      if (what === "history") history.reset();
      else {
        totals.reset();
        symbols.reset();
      }
    },
    take: () => ({
      resets: { ...resets },
      started,
      metrics: metrics.registry.take(),
      totals: totals.take(),
      hits: symbols.take(),
      rows: history.take(),
      errors: errors.take(),
    }),
    all: () => ({
      resets: { ...resets },
      started,
      metrics: metrics.registry.all(),
      totals: totals.all(),
      hits: symbols.all(),
      rows: history.all(),
      errors: errors.list().toReversed(),
    }),
    absorb(tally) {
      for (const what of resettables) record.reset(what, tally.resets[what]);
      add(tally, true);
    },
    inherit(tally) {
      started = Math.min(started, tally.started);
      // What this process has counted by now came after all resets that it did not hear of.
      for (const what of resettables) resets[what] = Math.max(resets[what], tally.resets[what]);
      add(tally, false);
    },
  };
  return record;
}
