// Patterns for the engine of JavaScript, which is fast, but tries one way after the other: some texts keep it busy for
// ever. So this says, too, how many ways there can be at most; the caller takes it only while that is little.

import type { Assertion, Node, Range } from "./pattern-parse.ts";

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
    case "all": {
      const efforts = node.nodes.map(effortOf);
      return {
        loops: efforts.reduce((sum, effort) => sum + effort.loops, 0),
        choices: efforts.reduce((product, effort) => product * effort.choices, 1),
      };
    }
    case "any": {
      const efforts = node.nodes.map(effortOf);
      return {
        loops: Math.max(...efforts.map((effort) => effort.loops)),
        choices: efforts.reduce((sum, effort) => sum + effort.choices, 0),
      };
    }
    case "repeat": {
      const inner = effortOf(node.node);
      const plain = inner.loops === 0 && inner.choices === 1;
      if (!plain) return { loops: 1, choices: Infinity };
      return node.max === Infinity ? { loops: 1, choices: 1 } : { loops: 0, choices: node.max - node.min + 1 };
    }
  }
}

const assertions: Readonly<Record<Assertion, string>> = {
  start: "^",
  end: "$",
  "line-start": "(?<![^\\n])",
  "line-end": "(?![^\\n])",
  word: "\\b",
  "no-word": "\\B",
};

/** The tree in JavaScript's spelling, for the flag "u" and no other. */
export function nativeSource(node: Node): string {
  switch (node.kind) {
    case "set":
      return `[${node.negated ? "^" : ""}${node.ranges.map(spell).join("")}]`;
    case "assert":
      return assertions[node.assertion];
    case "all":
      return node.nodes.map(nativeSource).join("");
    case "any":
      return `(?:${node.nodes.map(nativeSource).join("|")})`;
    case "repeat":
      return `(?:${nativeSource(node.node)}){${node.min},${node.max === Infinity ? "" : node.max}}`;
  }
}

function spell([from, to]: Range): string {
  return from === to ? escaped(from) : `${escaped(from)}-${escaped(to)}`;
}

function escaped(code: number): string {
  return `\\u{${code.toString(16)}}`;
}
