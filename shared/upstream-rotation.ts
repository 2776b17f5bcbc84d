// Which of several servers is next:
//   round-robin   each as often as its weight says, evenly mixed
//   random        the same by chance
//   master-slave  the heaviest that is alive, of equals the first
//   hash          the same server for the same key while it lives; others keep theirs when one dies
//   sequential    one after the other, whatever they weigh

import type { Upstream } from "./upstream.ts";
import type { Rotation } from "./upstream-list.ts";

/** What a list keeps between two choices. */
export interface Chance {
  /** 0 up to 1. */
  readonly random: () => number;
  /** Choices of the rotation `sequential` so far. */
  next: number;
}

/** Undefined when there is none to choose from. */
export function choose(
  rotation: Rotation,
  from: readonly Upstream[],
  key: string,
  chance: Chance,
): Upstream | undefined {
  switch (rotation) {
    case "round-robin":
      return roundRobin(from);
    case "random":
      return byChance(from, chance.random());
    case "master-slave":
      return heaviest(from, ({ weight }) => weight);
    case "hash":
      return heaviest(from, (upstream) => share(upstream, key));
    case "sequential":
      return from[chance.next++ % from.length];
  }
}

/** The smooth weighted round-robin: everybody earns their weight, the richest is chosen and pays what all have earned. */
function roundRobin(from: readonly Upstream[]): Upstream | undefined {
  let total = 0;
  for (const upstream of from) {
    upstream.credit += effective(upstream);
    total += effective(upstream);
  }
  const chosen = heaviest(from, ({ credit }) => credit);
  if (chosen !== undefined) chosen.credit -= total;
  return chosen;
}

/** A server of weight 0 is asked when there is no other: hardly ever. */
function effective({ weight }: Upstream): number {
  return Math.max(weight, 1e-6);
}

function byChance(from: readonly Upstream[], chance: number): Upstream | undefined {
  let left = chance * from.reduce((sum, upstream) => sum + effective(upstream), 0);
  for (const upstream of from) {
    left -= effective(upstream);
    if (left < 0) return upstream;
  }
  return from.at(-1);
}

function heaviest(from: readonly Upstream[], measure: (upstream: Upstream) => number): Upstream | undefined {
  let best: Upstream | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const upstream of from) {
    const measured = measure(upstream);
    if (measured > most) {
      best = upstream;
      most = measured;
    }
  }
  return best;
}

/** Rendezvous hashing: what a server bids for a key. The winner loses a key only by dying. */
function share(upstream: Upstream, key: string): number {
  const hash = mix(`${upstream.host}:${upstream.port}\n${key}`);
  return -effective(upstream) / Math.log((hash + 0.5) / 2 ** 32);
}

/** FNV-1a over the characters, finished so that near keys lie far apart. 0 to 2^32 - 1. */
function mix(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
