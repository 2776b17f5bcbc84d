// Regular expressions as Perl and PCRE write them to trees. shared/expression/pattern-plain.ts lets only a part of them
// come here.

import { parseSet } from "./parse-set.ts";
import { complement, lineEnds, shorthands } from "./ranges.ts";
import { defaultLimits, type Reader, take, wrong } from "./reader.ts";
import { type Flags, type Node, PatternError } from "./tree.ts";

const groupName = /\?P?<([A-Za-z_]\w*)>|\?'([A-Za-z_]\w*)'/y;
const inlineFlags = /\?([imsx]*)(?:-([imsx]+))?([:)])/y;
const counts = /\{(\d+)(,(\d*))?\}/y;
const backReference = /\\(?:([1-9]\d?)|g\{?([1-9]\d?)\}?|k(?:<(\w+)>|\{(\w+)\}|'(\w+)'))/y;
const comment = /\(\?#[^)]*\)/y;
const extendedBlank = /(?:\s|#[^\n]*(?:\n|$))+/y;

/** The tree of a pattern. Throws a PatternError. */
export function parsePattern(source: string, flags: Flags, limits = defaultLimits): Node {
  if (source.length > limits.length) throw new PatternError(`a pattern has at most ${limits.length} characters`);
  const reader: Reader = { source, limits, at: 0, flags, groups: 0, names: new Map(), referred: { index: 0, at: 0 } };
  const node = readAlternatives(reader, 0);
  if (reader.at < source.length) throw wrong(reader, "this ) was never opened");
  if (reader.referred.index > reader.groups) throw wrong(reader.referred, `there is no group ${reader.referred.index}`);
  return node;
}

function readAlternatives(reader: Reader, depth: number): Node {
  const most = reader.limits.depth;
  if (depth > most) throw wrong(reader, `more than ${most} groups within one another`);
  // Flags that a group sets hold to its end.
  const { flags } = reader;
  const nodes: Node[] = [readSequence(reader, depth)];
  while (reader.source.startsWith("|", reader.at)) {
    reader.at += 1;
    nodes.push(readSequence(reader, depth));
  }
  reader.flags = flags;
  const [only] = nodes;
  return nodes.length === 1 && only ? only : { kind: "any", nodes };
}

function readSequence(reader: Reader, depth: number): Node {
  const nodes: Node[] = [];
  for (;;) {
    skipBlank(reader);
    const char = reader.source.charAt(reader.at);
    if (char === "" || char === "|" || char === ")") return { kind: "all", nodes };
    if (reader.source.startsWith("\\Q", reader.at)) readQuoted(reader, nodes);
    else nodes.push(readRepeated(reader, depth));
  }
}

function skipBlank(reader: Reader): void {
  while (take(reader, comment) || (reader.flags.extended && take(reader, extendedBlank)));
}

function readQuoted(reader: Reader, nodes: Node[]): void {
  const end = reader.source.indexOf("\\E", reader.at);
  const text = reader.source.slice(reader.at + 2, end < 0 ? undefined : end);
  for (const char of text) nodes.push(parseSet.single(reader, char.codePointAt(0) ?? 0));
  reader.at = end < 0 ? reader.source.length : end + 2;
}

function readRepeated(reader: Reader, depth: number): Node {
  let node = readSingle(reader, depth);
  for (let first = true; ; first = false) {
    skipBlank(reader);
    const start = reader.at;
    const times = readTimes(reader);
    if (times === null) return node;
    if (!first) throw wrong({ at: start }, "nothing to repeat");
    const follower = reader.source.charAt(reader.at);
    if (follower === "?" || follower === "+") reader.at += 1;
    node = { kind: "repeat", node, min: times[0], max: times[1], lazy: follower === "?" };
    if (follower === "+") node = { kind: "atomic", node };
  }
}

function readTimes(reader: Reader): readonly [number, number] | null {
  const char = reader.source.charAt(reader.at);
  if (char === "*" || char === "+" || char === "?") {
    reader.at += 1;
    return [char === "+" ? 1 : 0, char === "?" ? 1 : Infinity];
  }
  const start = reader.at;
  const found = take(reader, counts);
  if (!found) return null; // "{" that opens no count is itself, as in Perl
  const min = Number(found[1]);
  const max = found[2] === undefined ? min : found[3] ? Number(found[3]) : Infinity;
  if (min > max) throw wrong({ at: start }, `{${min},${max}} is the wrong way round`);
  const most = reader.limits.repeat;
  if (min > most || (max !== Infinity && max > most)) throw wrong({ at: start }, `more than ${most} repetitions`);
  return [min, max];
}

function readSingle(reader: Reader, depth: number): Node {
  const char = reader.source.charAt(reader.at);
  const { multiline, dotAll } = reader.flags;
  switch (char) {
    case "(":
      return readGroup(reader, depth);
    case "[":
      return parseSet.bracket(reader);
    case "\\":
      return readEscape(reader);
    case "*":
    case "+":
    case "?":
      throw wrong(reader, "nothing to repeat");
    case "^":
      reader.at += 1;
      return { kind: "assert", assertion: multiline ? "line-start" : "start" };
    case "$":
      reader.at += 1;
      return { kind: "assert", assertion: multiline ? "line-end" : "end" };
    case ".":
      reader.at += 1;
      return { kind: "set", ranges: complement(dotAll ? [] : lineEnds) };
    default: {
      const code = reader.source.codePointAt(reader.at) ?? 0;
      reader.at += code > 0xffff ? 2 : 1;
      return parseSet.single(reader, code);
    }
  }
}

const assertions: Readonly<Record<string, Node>> = {
  b: { kind: "assert", assertion: "word" },
  B: { kind: "assert", assertion: "no-word" },
  A: { kind: "assert", assertion: "start" },
  z: { kind: "assert", assertion: "end" },
  Z: { kind: "assert", assertion: "end" },
};

function readEscape(reader: Reader): Node {
  const char = reader.source.charAt(reader.at + 1);
  const assertion = assertions[char];
  const shorthand = shorthands[char.toLowerCase()];
  if (assertion || shorthand || char === "N" || char === "R") reader.at += 2;
  if (assertion) return assertion;
  if (shorthand) return { kind: "set", ranges: char === char.toLowerCase() ? shorthand : complement(shorthand) };
  if (char === "N") return { kind: "set", ranges: complement(lineEnds) };
  if (char === "R") return { kind: "set", ranges: shorthands.v ?? lineEnds };
  const at = reader.at;
  const back = take(reader, backReference);
  if (!back) return parseSet.escaped(reader);
  const name = back[3] ?? back[4] ?? back[5];
  const index = name === undefined ? Number(back[1] ?? back[2]) : reader.names.get(name);
  if (index === undefined) throw wrong({ at }, `there is no group ${name}`);
  if (index > reader.referred.index) reader.referred = { index, at };
  return { kind: "back", index };
}

function readGroup(reader: Reader, depth: number): Node {
  const start = reader.at;
  reader.at += 1;
  const { flags } = reader;
  const wrap = readOpening(reader);
  if (wrap === "flags") return { kind: "all", nodes: [] };
  const node = readAlternatives(reader, depth + 1);
  if (!reader.source.startsWith(")", reader.at)) throw wrong({ at: start }, "this ( is never closed");
  reader.at += 1;
  reader.flags = flags;
  return wrap(node);
}

const looks: readonly (readonly [string, boolean, boolean])[] = [
  ["?=", true, false],
  ["?!", true, true],
  ["?<=", false, false],
  ["?<!", false, true],
];

/** What stands behind the "(": how to wrap what follows, or "flags" when the group only sets them and is over. */
function readOpening(reader: Reader): ((node: Node) => Node) | "flags" {
  if (!reader.source.startsWith("?", reader.at)) {
    reader.groups += 1;
    const index = reader.groups;
    return (node) => ({ kind: "group", index, node });
  }
  for (const [opening, ahead, negated] of looks) {
    if (!reader.source.startsWith(opening, reader.at)) continue;
    reader.at += opening.length;
    return (node) => ({ kind: "look", ahead, negated, node });
  }
  if (reader.source.startsWith("?>", reader.at)) {
    reader.at += 2;
    return (node) => ({ kind: "atomic", node });
  }
  const named = take(reader, groupName);
  if (named) {
    reader.groups += 1;
    const index = reader.groups;
    reader.names.set(named[1] ?? named[2] ?? "", index);
    return (node) => ({ kind: "group", index, node });
  }
  const set = take(reader, inlineFlags);
  if (!set) throw wrong(reader, "a group of this kind is not supported");
  reader.flags = withFlags(withFlags(reader.flags, set[1] ?? "", true), set[2] ?? "", false);
  return set[3] === ")" ? "flags" : (node) => node;
}

const noFlags: Flags = { ignoreCase: false, multiline: false, dotAll: false, extended: false };

/** Of the letters i, m, s and x; others are passed over. */
export function flagsOf(letters: string): Flags {
  return withFlags(noFlags, letters, true);
}

function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    ignoreCase: letters.includes("i") ? value : flags.ignoreCase,
    multiline: letters.includes("m") ? value : flags.multiline,
    dotAll: letters.includes("s") ? value : flags.dotAll,
    extended: letters.includes("x") ? value : flags.extended,
  };
}
