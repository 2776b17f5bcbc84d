// Symbols that the coordinator raises by itself.

import type { Weight } from "./scores.ts";

/** Takes back what rules of style do not count beside the opinion of a classifier (scores.ts). */
export const styleDoubted = "STYLE_DOUBTED";

export const ownSymbols: ReadonlyMap<string, Weight> = new Map([
  [
    "CHECK_FAILED",
    {
      score: 0,
      about: "A check gave no answer; the options name it and why.",
      groups: ["filter"],
      shots: 1,
      factor: 1,
    },
  ],
  [
    styleDoubted,
    {
      score: -1,
      about:
        "Takes back what rules of style do not count beside the opinion of a classifier (when_taught of their group).",
      groups: ["style"],
      shots: 1,
      // As many times as there are points to take back.
      factor: Number.POSITIVE_INFINITY,
    },
  ],
]);
