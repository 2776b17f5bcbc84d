// Single characters and sets of them: escapes, and what stands between brackets.

import {
  bothCases,
  complement,
  lastCode,
  posix,
  type Range,
  type Ranges,
  shorthands,
  union,
  withProperty,
} from "./ranges.ts";
import { type Reader, take, wrong } from "./reader.ts";
import type { Node } from "./tree.ts";

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13, e: 27, a: 7 };
const numbered = /\\(?:x([0-9A-Fa-f]{1,2})|[xu]\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|(0[0-7]{0,2}))/y;
const property = /\\([pP])(?:\{(\^?[\w=]+)\}|([A-Z]))/y;
const posixClass = /\[:(\^?)([a-z]+):\]/y;

/** The set node of ranges, with the other case where that is ignored. */
function setOf({ flags }: Reader, ranges: Ranges): Node {
  return { kind: "set", ranges: flags.ignoreCase ? bothCases(ranges) : union(ranges) };
}

function single(reader: Reader, code: number): Node {
  return setOf(reader, [[code, code]]);
}

/** `at` is at a backslash that is no assertion, shorthand or back-reference. */
function escaped(reader: Reader): Node {
  return { kind: "set", ranges: readProperty(reader) ?? setRanges(single(reader, readCode(reader))) };
}

function setRanges(node: Node): Ranges {
  return node.kind === "set" ? node.ranges : [];
}

function readProperty(reader: Reader): Ranges | null {
  const start = reader.at;
  const found = take(reader, property);
  if (!found) return null;
  const name = found[2] ?? found[3] ?? "";
  const negated = (found[1] === "P") !== name.startsWith("^");
  const ranges = withProperty(name.replace("^", ""));
  if (!ranges) throw wrong({ at: start }, `there is no property ${name}`);
  return negated ? complement(ranges) : ranges;
}

function readCode(reader: Reader): number {
  const start = reader.at;
  const found = take(reader, numbered);
  if (found) {
    const octal = found[4];
    const code = octal ? Number.parseInt(octal, 8) : Number.parseInt(found[1] ?? found[2] ?? found[3] ?? "", 16);
    if (code > lastCode) throw wrong({ at: start }, "no such character");
    return code;
  }
  const char = reader.source.charAt(reader.at + 1);
  const control = controls[char];
  if (control === undefined && (char === "" || /[A-Za-z0-9]/.test(char))) {
    throw wrong(reader, `\\${char} is not supported`);
  }
  const code = control ?? reader.source.codePointAt(reader.at + 1) ?? 0;
  reader.at += code > 0xffff ? 3 : 2;
  return code;
}

/** `at` is at the "[". */
function bracket(reader: Reader): Node {
  const start = reader.at;
  reader.at += 1;
  const negated = reader.source.startsWith("^", reader.at);
  if (negated) reader.at += 1;
  const ranges: Range[] = [];
  // A "]" that stands first is itself, as in Perl.
  for (let first = true; first || !reader.source.startsWith("]", reader.at); first = false) {
    if (reader.at >= reader.source.length) throw wrong({ at: start }, "this [ is never closed");
    ranges.push(...readItem(reader));
  }
  reader.at += 1;
  const both = reader.flags.ignoreCase ? bothCases(ranges) : union(ranges);
  return { kind: "set", ranges: negated ? complement(both) : both };
}

function readItem(reader: Reader): Ranges {
  const { source, at } = reader;
  const named = take(reader, posixClass);
  if (named) {
    const ranges = posix[named[2] ?? ""];
    if (!ranges) throw wrong({ at }, `there is no class [:${named[2]}:]`);
    return named[1] === "^" ? complement(ranges) : ranges;
  }
  const known = readProperty(reader);
  if (known) return known;
  const char = source.charAt(at + 1);
  const shorthand = source.startsWith("\\", at) ? shorthands[char.toLowerCase()] : undefined;
  if (shorthand) {
    reader.at += 2;
    return char === char.toLowerCase() ? shorthand : complement(shorthand);
  }
  const from = itemCode(reader);
  const isRange = source.startsWith("-", reader.at) && reader.at + 1 < source.length && source[reader.at + 1] !== "]";
  if (!isRange) return [[from, from]];
  // "[a-\d]": the hyphen is itself.
  if (source.startsWith("\\", reader.at + 1) && shorthands[source.charAt(reader.at + 2).toLowerCase()]) {
    return [[from, from]];
  }
  reader.at += 1;
  const to = itemCode(reader);
  if (to < from) throw wrong({ at }, "this range is the wrong way round");
  return [[from, to]];
}

function itemCode(reader: Reader): number {
  if (reader.source.startsWith("\\b", reader.at)) {
    reader.at += 2;
    return 8;
  }
  if (reader.source.startsWith("\\", reader.at)) return readCode(reader);
  const code = reader.source.codePointAt(reader.at) ?? 0;
  reader.at += code > 0xffff ? 2 : 1;
  return code;
}

export const parseSet = { single, escaped, bracket };
