// What the gateway remembers of the verdicts that went by, its own and those of every other process on the bus.

import { randomUUID } from "node:crypto";
import type { Actor } from "../../shared/actor.ts";
import type { Scanned } from "../../shared/scan.ts";
import { type ErrorRing, openErrorRing } from "./error-ring.ts";
import { hasFlag, parseFlags } from "./flags.ts";
import { type GatewayMetrics, openGatewayMetrics } from "./gateway-metrics.ts";
import { type History, openHistory } from "./history.ts";
import { openSymbolCounts, type SymbolCounts } from "./symbol-counts.ts";
import { openTotals, type Totals } from "./totals.ts";

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
  add(event: Scanned): void;
}

export function openRecord(actors: readonly Actor[], now: () => number): Record {
  const record = {
    id: randomUUID(),
    history: openHistory(),
    symbols: openSymbolCounts(actors, now),
    totals: openTotals(),
    metrics: openGatewayMetrics(),
    errors: openErrorRing(now),
    started: now(),
    add(event: Scanned) {
      if (!hasFlag(parseFlags(event.request.requestHeaders?.flags), "no_stat")) {
        record.totals.add(event);
        record.symbols.add(event);
        record.metrics.add(event);
      }
      if (event.request.noLog !== true) record.history.add(event);
      for (const { actor, check, message } of event.verdict.failed)
        record.errors.add(actor, check, message, event.request.id);
    },
  };
  return record;
}
