// Hits to scores, the way Rspamd's operators expect them: weights, shots, caps of groups. Symbols are taken in the
// order of their names, so that a message scores the same whatever order the answers came in.
//
// Where a classifier has an opinion of a mail, rules of style count only a share: what they find makes a mail suspect as long
// as nobody knows its kind. Each keeps its score, and one symbol takes the rest back.

import type { Hit } from "../../shared/check.ts";
import type { SymbolResult } from "../../shared/verdict.ts";
import { styleDoubted } from "./own-symbols.ts";

/** What is configured for a symbol, declarations and settings taken together. */
export interface Weight {
  readonly score: number;
  readonly about: string;
  /** The first one is its main group. */
  readonly groups: readonly string[];
  readonly shots: number;
  readonly factor: number;
}

export interface GroupCap {
  readonly max?: number;
  readonly min?: number;
}

export interface Weights {
  of(symbol: string): Weight;
  readonly caps: ReadonlyMap<string, GroupCap>;
  /** By main group the share of a score, 0 to 1, that counts beside a classifier's opinion; others count in full. */
  readonly shares: ReadonlyMap<string, number>;
  /** Symbols of such opinions. One that weighs nothing is none. */
  readonly taught: ReadonlySet<string>;
}

export interface Scored {
  readonly score: number;
  /** There is such an opinion. */
  readonly taught: boolean;
  /** What takes back a part of what rules of style found, or would beside an opinion. */
  readonly doubted: number;
  readonly symbols: readonly SymbolResult[];
  readonly groups: Readonly<Record<string, number>>;
}

/** What composites took away: `hidden` symbols keep their score, `weightless` ones keep their name. */
export interface Removals {
  readonly hidden: ReadonlySet<string>;
  readonly weightless: ReadonlySet<string>;
}

const nothingRemoved: Removals = { hidden: new Set(), weightless: new Set() };
const none: readonly string[] = [];
/** Characters of options kept for one symbol. */
const maxOptions = 4096;

export function score(hits: readonly Hit[], weights: Weights, removals: Removals = nothingRemoved): Scored {
  const ordered = hits.toSorted(byName);
  const taught = hasOpinion(hits, weights, removals);
  let total = 0;
  let doubted = 0;
  const symbols: SymbolResult[] = [];
  const groups: Record<string, number> = {};
  for (let at = 0; at < ordered.length; ) {
    const name = ordered[at]?.symbol ?? "";
    const same = sameSymbol(ordered, at);
    at += same.length;
    const weight = weights.of(name);
    const value = removals.weightless.has(name) ? 0 : capped(shotsOf(same, weight), weight, weights.caps, groups);
    for (const group of weight.groups) groups[group] = (groups[group] ?? 0) + value;
    total += value;
    doubted += value * (1 - (weights.shares.get(weight.groups[0] ?? "") ?? 1));
    if (!removals.hidden.has(name)) symbols.push(resultOf(name, value, weight, optionsOf(same)));
  }
  const back = weights.of(styleDoubted);
  const takenBack = back.score * doubted;
  if (taught && round(takenBack) !== 0) {
    total += takenBack;
    for (const group of back.groups) groups[group] = (groups[group] ?? 0) + takenBack;
    symbols.push(resultOf(styleDoubted, takenBack, back, none));
    symbols.sort((one, other) => (one.name < other.name ? -1 : 1));
  }
  for (const group of Object.keys(groups)) groups[group] = round(groups[group] ?? 0);
  return { score: round(total), taught, doubted: takenBack, symbols, groups };
}

function resultOf(
  name: string,
  score: number,
  { score: weight, groups, about }: Weight,
  options: readonly string[],
): SymbolResult {
  return { name, score: round(score), weight, group: groups[0] ?? "", about, options };
}

function hasOpinion(hits: readonly Hit[], { taught, of }: Weights, { weightless }: Removals): boolean {
  return hits.some(({ symbol }) => taught.has(symbol) && !weightless.has(symbol) && of(symbol).score !== 0);
}

function byName(one: Hit, other: Hit): number {
  return one.symbol < other.symbol ? -1 : one.symbol > other.symbol ? 1 : 0;
}

/** The hits of the symbol that is at this place of the ordered hits, in the order in which they came. */
function sameSymbol(ordered: readonly Hit[], from: number): readonly Hit[] {
  const name = ordered[from]?.symbol;
  let to = from + 1;
  while (ordered[to]?.symbol === name && to < ordered.length) to++;
  return ordered.slice(from, to);
}

/** The first `shots` hits add up; a further one counts only when it alone weighs more than that, with the same sign. */
function shotsOf(hits: readonly Hit[], weight: Weight): number {
  let sum = 0;
  let count = 0;
  for (const hit of hits) {
    const factor = hit.factor ?? 1;
    if (!Number.isFinite(factor)) continue;
    const value = weight.score * Math.min(Math.max(factor, 0), weight.factor);
    if (count < weight.shots) sum += value;
    else if (Math.sign(value) === Math.sign(sum) && Math.abs(value) > Math.abs(sum)) sum = value;
    count += 1;
  }
  return sum;
}

function capped(
  value: number,
  weight: Weight,
  caps: ReadonlyMap<string, GroupCap>,
  groups: Readonly<Record<string, number>>,
): number {
  let allowed = value;
  for (const group of weight.groups) {
    const cap = caps.get(group);
    if (!cap) continue;
    const sum = groups[group] ?? 0;
    if (allowed > 0 && cap.max !== undefined) allowed = Math.max(0, Math.min(allowed, cap.max - sum));
    else if (allowed < 0 && cap.min !== undefined) allowed = Math.min(0, Math.max(allowed, cap.min - sum));
  }
  return allowed;
}

function optionsOf(hits: readonly Hit[]): readonly string[] {
  if (hits.length === 1) {
    const own = hits[0]?.options ?? none;
    // One option is the usual case.
    if (own.length === 0 || (own.length === 1 && (own[0]?.length ?? 0) <= maxOptions)) return own;
  }
  const options = new Set<string>();
  let size = 0;
  for (const hit of hits) {
    for (const option of hit.options ?? []) {
      if (options.has(option)) continue;
      size += option.length;
      if (size > maxOptions) return [...options];
      options.add(option);
    }
  }
  return [...options];
}

/** Scores are shown and compared with four decimals: sums of decimal weights must not differ in their last bit. */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/**
 * Positive scores grow together when there are many of them: each is multiplied by
 * growFactor * product of (1 + (growFactor - 1) * score / limit). `limit` is the highest threshold. 1 turns it off.
 */
export function grow(scored: Scored, growFactor: number, limit: number): Scored {
  if (growFactor === 1 || !(limit > 0)) return scored;
  const factor = scored.symbols
    .filter((symbol) => symbol.score > 0)
    .reduce((product, symbol) => product * (1 + (growFactor - 1) * (symbol.score / limit)), growFactor);
  let total = scored.score;
  const symbols = scored.symbols.map((symbol) => {
    if (symbol.score <= 0) return symbol;
    const grown = round(symbol.score * factor);
    total += grown - symbol.score;
    return { ...symbol, score: grown };
  });
  return { ...scored, score: round(total), symbols };
}
