// Finds which of many texts occur in a text, in one pass over it, whatever their number: Aho and Corasick, "Efficient
// string matching" (1975), as a full table over the characters that occur in them.

import { foldCode } from "./literal.ts";

export interface LiteralSearch {
  /** Marks with 1 in `found`, by its place in the list, each text that may occur in `text`. Letters are folded. */
  find(text: string, found: Uint8Array): void;
}

/** Cells of a table (4 bytes each): a larger one is made of shorter texts, and says "may" more often. */
const largest = 4_000_000;
const lengths: readonly number[] = [8, 6, 4, 3, 2, 1];

/** `literals` are folded already and not empty. */
export function openLiteralSearch(literals: readonly string[]): LiteralSearch {
  const classes = classesOf(literals);
  const width =
    1 + literals.reduce((most, text) => Math.max(most, ...unitsOf(text).map((code) => classes[code] ?? 0)), 0);
  for (const length of lengths) {
    const tree = treeOf(literals, length, classes, width);
    if (tree.states * width <= largest || length === 1) return searchIn(tree, classes, width);
  }
  throw new RangeError("unreachable: the last length is always taken");
}

function unitsOf(text: string): readonly number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

/** Code unit to its column of the table; 0 is every one that no literal has. */
function classesOf(literals: readonly string[]): Uint16Array {
  const classes = new Uint16Array(0x10000);
  let count = 0;
  for (const text of literals) {
    for (const code of unitsOf(text)) {
      if (classes[code] !== 0) continue;
      count += 1;
      classes[code] = count;
    }
  }
  for (let code = 0x41; code <= 0x5a; code++) classes[code] = classes[foldCode(code)] ?? 0;
  return classes;
}

interface Tree {
  readonly states: number;
  /** By state and column the next state; 0 where there is none yet. */
  readonly next: number[];
  /** By state the literals that end there. */
  readonly ends: (number[] | undefined)[];
}

/** States are numbered by their depth: those that a text passes through most lie together. */
function treeOf(literals: readonly string[], length: number, classes: Uint16Array, width: number): Tree {
  const next: number[] = new Array(width).fill(0);
  const ends: (number[] | undefined)[] = [undefined];
  const reached = new Int32Array(literals.length);
  let states = 1;
  for (let depth = 0; depth <= length; depth++) {
    literals.forEach((text, literal) => {
      const state = reached[literal] ?? 0;
      const size = Math.min(text.length, length);
      if (depth === size) ends[state] = [...(ends[state] ?? []), literal];
      if (depth >= size) return;
      const cell = state * width + (classes[text.charCodeAt(depth)] ?? 0);
      if ((next[cell] ?? 0) === 0) {
        next[cell] = states;
        states += 1;
        for (let column = 0; column < width; column++) next.push(0);
        ends.push(undefined);
      }
      reached[literal] = next[cell] ?? 0;
    });
  }
  return { states, next, ends };
}

function searchIn({ states, next, ends }: Tree, classes: Uint16Array, width: number): LiteralSearch {
  // Where a text goes on differently, the longest ending that begins another literal goes on instead.
  const table = Int32Array.from(next);
  const ending = new Int32Array(states);
  const queue: number[] = [];
  for (let column = 0; column < width; column++) if (next[column]) queue.push(next[column] ?? 0);
  /** Whether a literal ends in a state or in an ending of it, and the nearest such ending. */
  const marked = new Uint8Array(states);
  const nearest = new Int32Array(states);
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const shorter = ending[state] ?? 0;
    nearest[state] = ends[shorter] ? shorter : (nearest[shorter] ?? 0);
    marked[state] = ends[state] || nearest[state] ? 1 : 0;
    for (let column = 0; column < width; column++) {
      const cell = state * width + column;
      const to = table[cell] ?? 0;
      const other = table[shorter * width + column] ?? 0;
      if (to === 0) table[cell] = other;
      else {
        ending[to] = other;
        queue.push(to);
      }
    }
  }
  const visited = new Uint32Array(states);
  let visit = 0;

  function note(from: number, found: Uint8Array): void {
    for (let state = from; state !== 0 && visited[state] !== visit; state = nearest[state] ?? 0) {
      visited[state] = visit;
      for (const literal of ends[state] ?? []) found[literal] = 1;
    }
  }

  return {
    find(text, found) {
      visit += 1;
      let state = 0;
      for (let at = 0; at < text.length; at++) {
        state = table[state * width + (classes[text.charCodeAt(at)] ?? 0)] ?? 0;
        if (marked[state] === 1 && visited[state] !== visit) note(state, found);
      }
    },
  };
}
