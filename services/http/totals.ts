// Totals since the start or the last /statreset, for /stat and /auth (R 1.5).

import type { Scanned } from "../../shared/scan.ts";

/** The actions that Rspamd's clients expect to find, always. */
export const countedActions = [
  "reject",
  "soft reject",
  "rewrite subject",
  "add header",
  "greylist",
  "no action",
] as const;

/** Scan times that /stat shows. */
const keptTimes = 31;

export interface Totals {
  add(event: Scanned): void;
  readonly scanned: number;
  /** Every action that was ever answered, and the six above. */
  readonly actions: ReadonlyMap<string, number>;
  /** Seconds; null where there were fewer scans. */
  readonly scanTimes: readonly (number | null)[];
  /** Requests that each door answered. */
  readonly requests: { scan: number; controller: number };
  reset(): void;
}

export function openTotals(): Totals {
  let scanned = 0;
  let scanTimes: (number | null)[] = [];
  const requests = { scan: 0, controller: 0 };
  const actions = new Map<string, number>();
  const totals = {
    add({ verdict }: Scanned) {
      scanned += 1;
      actions.set(verdict.action, (actions.get(verdict.action) ?? 0) + 1);
      scanTimes[(scanned - 1) % keptTimes] = verdict.elapsed / 1000;
    },
    get scanned() {
      return scanned;
    },
    get scanTimes() {
      return scanTimes;
    },
    actions,
    requests,
    reset() {
      scanned = 0;
      scanTimes = Array.from({ length: keptTimes }, () => null);
      requests.scan = 0;
      requests.controller = 0;
      actions.clear();
      for (const action of countedActions) actions.set(action, 0);
    },
  };
  totals.reset();
  return totals;
}

/** Sum of these actions. */
export function sumOf(totals: Totals, ...names: readonly string[]): number {
  let sum = 0;
  for (const name of names) sum += totals.actions.get(name) ?? 0;
  return sum;
}
