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

/** Totals as worker processes tell them to each other. */
export interface TotalCounts {
  readonly scanned: number;
  readonly actions: Readonly<Record<string, number>>;
  /** Seconds, the latest last. */
  readonly scanTimes: readonly number[];
  readonly requests: { readonly scan: number; readonly controller: number };
}

export interface Totals {
  add(event: Scanned): void;
  readonly scanned: number;
  /** Every action that was ever answered, and the six above. */
  readonly actions: ReadonlyMap<string, number>;
  /** Seconds; null where there were fewer scans. */
  readonly scanTimes: readonly (number | null)[];
  /** A request that a door answered. */
  countRequest(door: "scan" | "controller"): void;
  readonly requests: { readonly scan: number; readonly controller: number };
  /** What was counted here since the last time. */
  take(): TotalCounts;
  /** All totals, others' too. */
  all(): TotalCounts;
  /** Adds what another process has counted. */
  absorb(counts: TotalCounts): void;
  reset(): void;
}

interface Sums {
  scanned: number;
  readonly actions: Map<string, number>;
  readonly scanTimes: number[];
  readonly requests: { scan: number; controller: number };
}

export function openTotals(): Totals {
  let sums = noSums();
  /** Of the sums, what other processes do not know. */
  let fresh = noSums();
  return {
    add({ verdict }) {
      for (const to of [sums, fresh]) addVerdict(to, verdict.action, verdict.elapsed / 1000);
    },
    get scanned() {
      return sums.scanned;
    },
    get actions() {
      return sums.actions;
    },
    get scanTimes() {
      return Array.from({ length: keptTimes }, (_, at) => sums.scanTimes[at] ?? null);
    },
    countRequest(door) {
      sums.requests[door] += 1;
      fresh.requests[door] += 1;
    },
    get requests() {
      return sums.requests;
    },
    take() {
      const taken = plain(fresh);
      fresh = noSums();
      return taken;
    },
    all: () => plain(sums),
    absorb({ scanned, actions, scanTimes, requests }) {
      sums.scanned += scanned;
      for (const [action, count] of Object.entries(actions)) {
        sums.actions.set(action, (sums.actions.get(action) ?? 0) + count);
      }
      for (const seconds of scanTimes) addTime(sums, seconds);
      sums.requests.scan += requests.scan;
      sums.requests.controller += requests.controller;
    },
    reset() {
      sums = noSums();
      fresh = noSums();
    },
  };
}

/** Sum of these actions. */
export function sumOf(totals: Totals, ...names: readonly string[]): number {
  let sum = 0;
  for (const name of names) sum += totals.actions.get(name) ?? 0;
  return sum;
}

function noSums(): Sums {
  return {
    scanned: 0,
    actions: new Map(countedActions.map((action) => [action, 0])),
    scanTimes: [],
    requests: { scan: 0, controller: 0 },
  };
}

function addVerdict(to: Sums, action: string, seconds: number): void {
  to.scanned += 1;
  to.actions.set(action, (to.actions.get(action) ?? 0) + 1);
  addTime(to, seconds);
}

function addTime(to: Sums, seconds: number): void {
  to.scanTimes.push(seconds);
  if (to.scanTimes.length > keptTimes) to.scanTimes.shift();
}

function plain({ scanned, actions, scanTimes, requests }: Sums): TotalCounts {
  return { scanned, actions: Object.fromEntries(actions), scanTimes: [...scanTimes], requests: { ...requests } };
}
