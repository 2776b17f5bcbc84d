// How long an engine that goes back may need at most: what is little is run at once, whatever engine there is.

import type { Node } from "./tree.ts";

/** At most `choices * length ** (loops + 1)` steps for a text of so many characters. */
export interface Effort {
  readonly loops: number;
  /** Infinity where a repetition may match the same text in several ways. */
  readonly choices: number;
}

export function effortOf(node: Node): Effort {
  switch (node.kind) {
    case "set":
    case "assert":
      return { loops: 0, choices: 1 };
    case "back":
      // It reads again what its group had read.
      return { loops: 1, choices: 1 };
    case "all":
      return node.nodes.map(effortOf).reduce(inSequence, { loops: 0, choices: 1 });
    case "any": {
      const efforts = node.nodes.map(effortOf);
      return {
        loops: Math.max(...efforts.map(({ loops }) => loops)),
        choices: efforts.reduce((sum, { choices }) => sum + choices, 0),
      };
    }
    case "repeat": {
      const inner = effortOf(node.node);
      if (node.max <= 1) return { loops: inner.loops, choices: inner.choices + 1 - node.min };
      if (inner.loops > 0) return { loops: 1, choices: Infinity };
      if (inner.choices > 1) {
        return node.max === Infinity
          ? { loops: 1, choices: Infinity }
          : { loops: 0, choices: inner.choices ** node.max };
      }
      return node.max === Infinity ? { loops: 1, choices: 1 } : { loops: 0, choices: node.max - node.min + 1 };
    }
    case "group":
    case "look":
    case "atomic":
      return effortOf(node.node);
  }
}

function inSequence(a: Effort, b: Effort): Effort {
  return { loops: a.loops + b.loops, choices: a.choices * b.choices };
}
