// Sets of characters as ranges of code points, in order and apart.

/** Both ends included. */
export type Range = readonly [number, number];
export type Ranges = readonly Range[];

export const lastCode = 0x10ffff;
/** Above this letters keep their case: few scripts there have one, and no mail is told apart by them. */
const lastCased = 0x1fff;

export const digits: Ranges = [[0x30, 0x39]];
const wordChars: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
export const lineEnds: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
];
const blanks: Ranges = [
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
];
const spaces: Ranges = [
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

/** Behind a backslash, in lower case; the upper-case letter is the complement. */
export const shorthands: Readonly<Record<string, Ranges>> = {
  d: digits,
  w: wordChars,
  s: spaces,
  h: blanks,
  v: [
    [0x0a, 0x0d],
    [0x85, 0x85],
    [0x2028, 0x2029],
  ],
};

/** Between "[:" and ":]". */
export const posix: Readonly<Record<string, Ranges>> = {
  alpha: union([
    [0x41, 0x5a],
    [0x61, 0x7a],
  ]),
  digit: digits,
  alnum: union([...digits, [0x41, 0x5a], [0x61, 0x7a]]),
  upper: [[0x41, 0x5a]],
  lower: [[0x61, 0x7a]],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  xdigit: [
    [0x30, 0x39],
    [0x41, 0x46],
    [0x61, 0x66],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  print: [[0x20, 0x7e]],
  graph: [[0x21, 0x7e]],
  word: wordChars,
  ascii: [[0x00, 0x7f]],
};

export function union(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

export function complement(ranges: Ranges): Ranges {
  const out: Range[] = [];
  let next = 0;
  for (const [from, to] of union(ranges)) {
    if (from > next) out.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= lastCode) out.push([next, lastCode]);
  return out;
}

/** With the other case of every letter. */
export function bothCases(ranges: Ranges): Ranges {
  const out: Range[] = [...ranges];
  for (const [from, to] of ranges) {
    for (let code = from; code <= Math.min(to, lastCased); code++) {
      const char = String.fromCharCode(code);
      for (const other of [char.toLowerCase(), char.toUpperCase()]) {
        // "ß" is one letter and its upper case two: it has none here.
        if (other !== char && other.length === 1) out.push([other.charCodeAt(0), other.charCodeAt(0)]);
      }
    }
  }
  return union(out);
}

const properties = new Map<string, Ranges>();
/** Scripts of the planes above have no mail. */
const lastProperty = 0x1ffff;

/** Characters with a Unicode property ("L", "Script=Greek"); null when there is no such property. */
export function withProperty(name: string): Ranges | null {
  const known = properties.get(name);
  if (known) return known;
  const pattern = propertyPattern(name) ?? propertyPattern(`Script=${name}`);
  if (!pattern) return null;
  const out: Range[] = [];
  for (let code = 0; code <= lastProperty; code++) {
    if (pattern.test(String.fromCodePoint(code))) out.push([code, code]);
  }
  const ranges = union(out);
  properties.set(name, ranges);
  return ranges;
}

function propertyPattern(name: string): RegExp | null {
  try {
    return new RegExp(`^\\p{${name}}$`, "u");
  } catch {
    return null;
  }
}
