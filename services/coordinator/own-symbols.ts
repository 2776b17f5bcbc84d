// Symbols that the coordinator raises by itself.

import type { Weight } from "./scores.ts";

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
]);
