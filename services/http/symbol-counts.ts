// How often each symbol fired and how long its check worked, for /counters and /symbols (R 1.5).

import type { Actor } from "../../shared/actor.ts";
import type { Scanned } from "../../shared/scan.ts";
import { ByCheck } from "./by-check.ts";

/** Frequencies are hits a second, taken once a minute. */
const window = 60_000;

export interface SymbolCount {
  readonly symbol: string;
  readonly group: string;
  readonly about: string;
  /** As declared, until a verdict shows what is configured. */
  readonly weight: number;
  readonly hits: number;
  /** Mean of the minutes so far, and their standard deviation; hits a second. */
  readonly frequency: number;
  readonly deviation: number;
  /** Mean ms that its check worked. */
  readonly time: number;
}

/** Counts as worker processes tell them to each other. */
export interface HitCounts {
  readonly symbols: readonly Pick<SymbolCount, "symbol" | "group" | "about" | "weight" | "hits">[];
  /** How often a check worked, and how many ms in all. */
  readonly works: Readonly<Record<string, Work>>;
}

interface Work {
  readonly total: number;
  readonly count: number;
}

interface Entry {
  readonly symbol: string;
  readonly check: string;
  group: string;
  about: string;
  weight: number;
  hits: number;
  /** Of the hits, what other processes know. */
  known: number;
  recent: number;
  /** Welford's running mean and sum of squares over the windows. */
  mean: number;
  squares: number;
}

export interface SymbolCounts {
  /** Takes the declarations as they are now. A symbol that nobody declares any more keeps its place once it has fired. */
  declare(actors: readonly Actor[]): void;
  add(event: Scanned): void;
  list(): readonly SymbolCount[];
  /** What was counted here since the last time. */
  take(): HitCounts;
  /** All counts, others' too. */
  all(): HitCounts;
  /** Adds what another process has counted; `recently`: just now, so that it is part of a frequency. */
  absorb(counts: HitCounts, recently: boolean): void;
  reset(): void;
}

export function openSymbolCounts(declared: readonly Actor[], now: () => number): SymbolCounts {
  const entries = new Map<string, Entry>();
  const work = new ByCheck(() => ({ total: 0, count: 0, known: { total: 0, count: 0 } }));
  let opened = now();
  let windows = 0;

  function declare(actors: readonly Actor[]): void {
    for (const [symbol, one] of entries) if (one.hits === 0) entries.delete(symbol);
    for (const check of actors.flatMap(({ checks }) => checks)) {
      for (const [symbol, spec] of Object.entries(check.symbols)) {
        if (entries.has(symbol)) continue;
        entries.set(symbol, entry(symbol, check.name, spec.group ?? check.group, spec.about, spec.score));
      }
    }
  }

  declare(declared);

  /** Closes the windows that have passed; most of them were quiet when there are many. */
  function roll(time: number): void {
    while (time - opened >= window) {
      windows += 1;
      for (const one of entries.values()) closeWindow(one, windows);
      opened += window;
      // After a long silence the rest of it is skipped: a day of zeroes says no more than an hour of them.
      if (time - opened > 60 * window) opened = time - ((time - opened) % window);
    }
  }

  function find(name: string, group: string, about: string, weight: number): Entry {
    let found = entries.get(name);
    if (found === undefined) {
      found = entry(name, name, group, about, weight);
      entries.set(name, found);
    }
    found.weight = weight;
    found.group = group;
    return found;
  }

  function counts(onlyFresh: boolean): HitCounts {
    const symbols: HitCounts["symbols"][number][] = [];
    for (const { symbol, group, about, weight, hits, known } of entries.values()) {
      const fresh = onlyFresh ? hits - known : hits;
      if (fresh > 0) symbols.push({ symbol, group, about, weight, hits: fresh });
    }
    const works: Record<string, Work> = {};
    for (const [check, { total, count, known }] of work.entries()) {
      if (!onlyFresh) works[check] = { total, count };
      else if (count > known.count) works[check] = { total: total - known.total, count: count - known.count };
    }
    return { symbols, works };
  }

  return {
    declare,
    add({ time, verdict }) {
      roll(time);
      for (const { name, group, about, weight } of verdict.symbols) {
        const found = find(name, group, about, weight);
        found.hits += 1;
        found.recent += 1;
      }
      for (const { actor, checks, works } of verdict.timings) {
        for (const [at, worked] of work.of(actor, checks).entries()) {
          worked.total += works[at] ?? 0;
          worked.count += 1;
        }
      }
    },
    list() {
      const time = now();
      roll(time);
      return [...entries.values()].map((one) => {
        const worked = work.get(one.check);
        const seconds = Math.max(1, (time - opened) / 1000);
        return {
          symbol: one.symbol,
          group: one.group,
          about: one.about,
          weight: one.weight,
          hits: one.hits,
          frequency: windows === 0 ? one.recent / seconds : one.mean,
          deviation: windows < 2 ? 0 : Math.sqrt(one.squares / (windows - 1)),
          time: worked === undefined ? 0 : worked.total / worked.count,
        };
      });
    },
    take() {
      const fresh = counts(true);
      for (const one of entries.values()) one.known = one.hits;
      for (const [, { total, count, known }] of work.entries()) Object.assign(known, { total, count });
      return fresh;
    },
    all: () => counts(false),
    absorb({ symbols, works }, recently) {
      roll(now());
      for (const { symbol, group, about, weight, hits } of symbols) {
        const found = find(symbol, group, about, weight);
        found.hits += hits;
        found.known += hits;
        if (recently) found.recent += hits;
      }
      for (const [check, { total, count }] of Object.entries(works)) {
        const one = work.one(check, "");
        one.total += total;
        one.count += count;
        one.known.total += total;
        one.known.count += count;
      }
    },
    reset() {
      opened = now();
      windows = 0;
      for (const one of entries.values()) Object.assign(one, { hits: 0, known: 0, recent: 0, mean: 0, squares: 0 });
    },
  };
}

function entry(symbol: string, check: string, group: string, about: string, weight: number): Entry {
  return { symbol, check, group, about, weight, hits: 0, known: 0, recent: 0, mean: 0, squares: 0 };
}

function closeWindow(one: Entry, windows: number): void {
  const rate = one.recent / (window / 1000);
  const distance = rate - one.mean;
  one.mean += distance / windows;
  one.squares += distance * (rate - one.mean);
  one.recent = 0;
}
