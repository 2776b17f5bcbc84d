// Regular expressions to trees. The dialect is what Perl, PCRE and JavaScript have in common and what can be matched in
// linear time: no back-references, no look-around, no possessive or atomic groups.

export type Assertion = "start" | "end" | "line-start" | "line-end" | "word" | "no-word";

export type Node =
  | { readonly kind: "set"; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "all"; readonly nodes: readonly Node[] }
  | { readonly kind: "any"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number };

/** Code points, both ends included. */
export type Range = readonly [number, number];

export interface Flags {
  readonly ignoreCase: boolean;
  /** ^ and $ hold at line ends too. */
  readonly multiline: boolean;
  /** A dot is a line end too. */
  readonly dotAll: boolean;
}

/** Characters of a pattern, groups within one another, repetitions of one thing. */
export const limits = { length: 4_096, depth: 50, repeat: 1_000 } as const;

const digit: readonly Range[] = [[0x30, 0x39]];
const wordChar: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const space: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnd: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
];
const classes: Readonly<Record<string, readonly Range[]>> = { d: digit, w: wordChar, s: space };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, e: 27, a: 7 };
const assertions: Readonly<Record<string, Assertion>> = { b: "word", B: "no-word", A: "start", z: "end", Z: "end" };
const lastCode = 0x10ffff;

const named = /\?(?:P?<[A-Za-z_]\w*>|:)/y;
const counts = /\{(\d+)(,(\d*))?\}/y;
const hexadecimal = /x([0-9A-Fa-f]{2})|[xu]\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})/y;

interface Reader {
  readonly source: string;
  readonly flags: Flags;
  at: number;
}

/** A pattern that cannot be read, or not matched in linear time. */
export class PatternError extends Error {}

/** The tree of a pattern. Throws a PatternError whose message says at which character (from 1) it fails. */
export function parsePattern(source: string, flags: Flags): Node {
  if (source.length > limits.length) throw new PatternError(`a pattern has at most ${limits.length} characters`);
  const reader: Reader = { source, flags, at: 0 };
  const node = readAlternatives(reader, 0);
  if (reader.at < source.length) throw wrong(reader, "this ) was never opened");
  return node;
}

function readAlternatives(reader: Reader, depth: number): Node {
  if (depth > limits.depth) throw wrong(reader, `more than ${limits.depth} groups within one another`);
  const nodes: Node[] = [readSequence(reader, depth)];
  while (reader.source.startsWith("|", reader.at)) {
    reader.at += 1;
    nodes.push(readSequence(reader, depth));
  }
  const [only] = nodes;
  return nodes.length === 1 && only ? only : { kind: "any", nodes };
}

function readSequence(reader: Reader, depth: number): Node {
  const nodes: Node[] = [];
  while (reader.at < reader.source.length && !/[|)]/.test(reader.source.charAt(reader.at))) {
    nodes.push(readRepeated(reader, depth));
  }
  return { kind: "all", nodes };
}

function readRepeated(reader: Reader, depth: number): Node {
  const node = readSingle(reader, depth);
  const times = readTimes(reader);
  if (times === null) return node;
  const follower = reader.source.charAt(reader.at);
  if (follower === "+") throw wrong(reader, "possessive repetition is not supported");
  // A lazy repetition finds the same texts as a greedy one; only what it captures differs.
  if (follower === "?") reader.at += 1;
  if (readTimes({ ...reader }) !== null) throw wrong(reader, "nothing to repeat");
  return { kind: "repeat", node, min: times[0], max: times[1] };
}

function readTimes(reader: Reader): readonly [number, number] | null {
  const char = reader.source.charAt(reader.at);
  if (char === "*" || char === "+" || char === "?") {
    reader.at += 1;
    return [char === "+" ? 1 : 0, char === "?" ? 1 : Infinity];
  }
  counts.lastIndex = reader.at;
  const found = counts.exec(reader.source);
  if (!found) return null; // "{" that opens no count is itself, as in Perl
  const min = Number(found[1]);
  const max = found[2] === undefined ? min : found[3] ? Number(found[3]) : Infinity;
  if (min > max) throw wrong(reader, `{${min},${max}} is the wrong way round`);
  if (min > limits.repeat || (max !== Infinity && max > limits.repeat)) {
    throw wrong(reader, `more than ${limits.repeat} repetitions`);
  }
  reader.at += found[0].length;
  return [min, max];
}

function readSingle(reader: Reader, depth: number): Node {
  const char = reader.source.charAt(reader.at);
  if (char === "(") return readGroup(reader, depth);
  if (char === "[") return readClass(reader);
  if (char === "\\") return readEscape(reader);
  if (char === "*" || char === "+" || char === "?") throw wrong(reader, "nothing to repeat");
  if (char === "^" || char === "$") {
    reader.at += 1;
    const { multiline } = reader.flags;
    if (char === "^") return { kind: "assert", assertion: multiline ? "line-start" : "start" };
    return { kind: "assert", assertion: multiline ? "line-end" : "end" };
  }
  if (char === ".") {
    reader.at += 1;
    return { kind: "set", ranges: reader.flags.dotAll ? [] : lineEnd, negated: true };
  }
  const code = nextCode(reader);
  return setOf(reader, [[code, code]], false);
}

/** A set of characters, with their other case where that is ignored. */
function setOf(reader: Reader, ranges: readonly Range[], negated: boolean): Node {
  return { kind: "set", ranges: reader.flags.ignoreCase ? withBothCases(ranges) : ranges, negated };
}

function readGroup(reader: Reader, depth: number): Node {
  const start = reader.at;
  reader.at += 1;
  if (reader.source.startsWith("?", reader.at)) {
    named.lastIndex = reader.at;
    if (!named.test(reader.source))
      throw wrong(reader, "look-around, atomic groups and flags in a group are not supported");
    reader.at = named.lastIndex;
  }
  const node = readAlternatives(reader, depth + 1);
  if (!reader.source.startsWith(")", reader.at)) throw wrong({ at: start }, "this ( is never closed");
  reader.at += 1;
  return node;
}

function readEscape(reader: Reader): Node {
  const char = reader.source.charAt(reader.at + 1);
  const assertion = assertions[char];
  if (assertion) {
    reader.at += 2;
    return { kind: "assert", assertion };
  }
  const known = classes[char.toLowerCase()];
  if (known) {
    reader.at += 2;
    return { kind: "set", ranges: known, negated: char !== char.toLowerCase() };
  }
  const code = escapedCode(reader);
  return setOf(reader, [[code, code]], false);
}

/** `at` is at the backslash. */
function escapedCode(reader: Reader): number {
  const char = reader.source.charAt(reader.at + 1);
  const control = controls[char];
  if (control !== undefined) {
    reader.at += 2;
    return control;
  }
  hexadecimal.lastIndex = reader.at + 1;
  const found = hexadecimal.exec(reader.source);
  if (found) {
    const code = Number.parseInt(found[1] ?? found[2] ?? found[3] ?? "", 16);
    if (code > lastCode) throw wrong(reader, "no such character");
    reader.at = hexadecimal.lastIndex;
    return code;
  }
  if (/[1-9k]/.test(char)) throw wrong(reader, "back-references cannot be matched in linear time");
  if (char === "" || /[A-Za-z0-9]/.test(char)) throw wrong(reader, `\\${char} is not supported`);
  reader.at += 1;
  return nextCode(reader);
}

function readClass(reader: Reader): Node {
  const start = reader.at;
  reader.at += 1;
  const negated = reader.source.startsWith("^", reader.at);
  if (negated) reader.at += 1;
  const ranges: Range[] = [];
  // A "]" that stands first is itself, as in Perl.
  for (let first = true; first || !reader.source.startsWith("]", reader.at); first = false) {
    if (reader.at >= reader.source.length) throw wrong({ at: start }, "this [ is never closed");
    ranges.push(...readClassItem(reader));
  }
  reader.at += 1;
  return setOf(reader, ranges, negated);
}

function readClassItem(reader: Reader): readonly Range[] {
  const { source, at } = reader;
  if (source.startsWith("[:", at)) throw wrong(reader, "named classes are not supported");
  if (source.startsWith("\\", at)) {
    const char = source.charAt(at + 1);
    const known = classes[char.toLowerCase()];
    if (known) {
      reader.at += 2;
      return char === char.toLowerCase() ? known : complement(known);
    }
  }
  const from = classCode(reader);
  const isRange =
    source.startsWith("-", reader.at) && reader.at + 1 < source.length && !source.startsWith("-]", reader.at);
  if (!isRange) return [[from, from]];
  reader.at += 1;
  const to = classCode(reader);
  if (to < from) throw wrong({ at }, "this range is the wrong way round");
  return [[from, to]];
}

function classCode(reader: Reader): number {
  if (!reader.source.startsWith("\\", reader.at)) return nextCode(reader);
  if (reader.source.startsWith("\\b", reader.at)) {
    reader.at += 2;
    return 8;
  }
  return escapedCode(reader);
}

/** `ranges` are in order and apart. */
function complement(ranges: readonly Range[]): readonly Range[] {
  const out: Range[] = [];
  let next = 0;
  for (const [from, to] of ranges) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  out.push([next, lastCode]);
  return out;
}

/** Letters from U+2000 on keep their case: few scripts there have one, and no mail is told apart by them. */
function withBothCases(ranges: readonly Range[]): readonly Range[] {
  const out: Range[] = [...ranges];
  for (const [from, to] of ranges) {
    for (let code = from; code <= Math.min(to, 0x1fff); code++) {
      const char = String.fromCharCode(code);
      for (const variant of [char.toLowerCase(), char.toUpperCase()]) {
        // "ß" is one letter and its upper case two: it has none here.
        if (variant === char || variant.length !== 1) continue;
        const other = variant.charCodeAt(0);
        if (!out.some(([low, high]) => other >= low && other <= high)) out.push([other, other]);
      }
    }
  }
  return out;
}

function nextCode(reader: Reader): number {
  const code = reader.source.codePointAt(reader.at) ?? 0;
  reader.at += code > 0xffff ? 2 : 1;
  return code;
}

function wrong(place: { readonly at: number }, problem: string): PatternError {
  return new PatternError(`character ${place.at + 1} of the pattern: ${problem}`);
}
