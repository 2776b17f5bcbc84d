// Tokens of HTML (WHATWG, 13.2.5): where a tag ends, its name and attributes; where a comment or raw text ends.
// Every function looks at each character once and answers for any input.

import { elementOf } from "./html-element.ts";

/** A start or end tag. `attributes` holds name, raw value, name, raw value ... with names in lower case, of those
 *  attributes that anybody reads. */
export interface Tag {
  readonly name: string;
  /** Bits of `Kind`. */
  readonly kind: number;
  /** Index of the element among those that are known; -1 for another. */
  readonly index: number;
  readonly closing: boolean;
  readonly selfClosing: boolean;
  readonly attributes: readonly string[];
  /** Whether the limit on attributes was reached; further ones are left out. */
  readonly cut: boolean;
  /** Index behind the `>`. */
  readonly end: number;
}

const none: readonly string[] = [];
const longestName = 64;

// In both cases, so that a name is mostly found as it stands.
const attributeNames = new Map<string, string>();
/** By length and first letter, whether such a name is among them: most names are ruled out without a look-up. */
const candidates = new Uint8Array(16 * 32);
for (const name of (
  "action alt background bgcolor class color content formaction height hidden href http-equiv id rel src style text " +
  "type width"
).split(" ")) {
  attributeNames.set(name, name);
  attributeNames.set(name.toUpperCase(), name);
  candidates[name.length * 32 + (name.charCodeAt(0) & 31)] = 1;
}

/** Classes of characters: blank, end of a name, end of a value without quotes. */
const blank = 1;
const nameEnd = 2;
const valueEnd = 4;
const classes = new Uint8Array(128);
for (const c of [9, 10, 12, 13, 32]) classes[c] = blank | nameEnd | valueEnd;
classes[47] = nameEnd;
classes[62] = nameEnd | valueEnd;

const slash = 47;
const greater = 62;
const equals = 61;

/** Reads the tag whose `<` is at `start`, a letter or `/` and a letter behind it. Null when the source ends inside of
 *  it: a reader then sees nothing of it. */
export function readTag(source: string, start: number, maxAttributes: number): Tag | null {
  const length = source.length;
  const closing = source.charCodeAt(start + 1) === slash;
  let at = closing ? start + 2 : start + 1;
  const nameStart = at;
  while (at < length && !endsName(source.charCodeAt(at))) at++;
  const written = source.slice(nameStart, Math.min(at, nameStart + longestName));
  const element = elementOf(written) ?? elementOf(lower(written));
  const name = element === undefined ? lower(written) : element.name;
  const kind = element === undefined ? 0 : element.kind;
  const index = element === undefined ? -1 : element.index;
  if (source.charCodeAt(at) === greater) {
    return { name, kind, index, closing, selfClosing: false, attributes: none, cut: false, end: at + 1 };
  }
  const attributes: string[] = [];
  let count = 0;
  let cut = false;
  let selfClosing = false;
  for (;;) {
    while (at < length && isSpaceOrSlash(source.charCodeAt(at))) at++;
    if (at >= length) return null;
    if (source.charCodeAt(at) === greater) {
      selfClosing = source.charCodeAt(at - 1) === slash;
      break;
    }
    const from = at++; // an equals sign at the front belongs to the name
    while (at < length && source.charCodeAt(at) !== equals && !endsName(source.charCodeAt(at))) at++;
    const to = at;
    while (at < length && isSpace(source.charCodeAt(at))) at++;
    let valueFrom = at;
    let valueTo = at;
    if (source.charCodeAt(at) === equals) {
      at++;
      while (at < length && isSpace(source.charCodeAt(at))) at++;
      valueFrom = at;
      const quote = source.charCodeAt(at);
      if (quote === 34 || quote === 39) {
        valueFrom = at + 1;
        valueTo = source.indexOf(quote === 34 ? '"' : "'", valueFrom);
        if (valueTo < 0) return null;
        at = valueTo + 1;
      } else {
        while (at < length && !endsValue(source.charCodeAt(at))) at++;
        valueTo = at;
      }
    }
    if (++count > maxAttributes) cut = true;
    else if (to - from < 16 && candidates[(to - from) * 32 + (source.charCodeAt(from) & 31)] === 1) {
      const written = source.slice(from, to);
      const known = attributeNames.get(written) ?? attributeNames.get(lower(written));
      if (known !== undefined) attributes.push(known, source.slice(valueFrom, valueTo));
    }
  }
  return { name, kind, index, closing, selfClosing, attributes, cut, end: at + 1 };
}

/** The raw value of an attribute; the first counts when there are several (WHATWG, 13.2.5.33). */
export function attribute(tag: Tag, name: string): string | undefined {
  const list = tag.attributes;
  for (let i = 0; i < list.length; i += 2) if (list[i] === name) return list[i + 1];
  return undefined;
}

/** Whether a tag begins at the `<` at `start`. */
export function beginsTag(source: string, start: number): boolean {
  const c = source.charCodeAt(start + 1);
  return isLetter(c === slash ? source.charCodeAt(start + 2) : c);
}

/** Index behind the comment, declaration or processing instruction at `start`; -1 when the `<` there is text. */
export function skipMarkup(source: string, start: number): number {
  const c = source.charCodeAt(start + 1);
  if (c === 33 && source.startsWith("--", start + 2)) return skipComment(source, start + 4);
  if (c !== 33 && c !== 63 && c !== slash) return -1;
  // "</" at the very end is text; "</>" is nothing at all.
  if (start + 2 >= source.length) return -1;
  const end = source.indexOf(">", start + 2);
  return end < 0 ? source.length : end + 1;
}

/** Index of the end tag of raw text (WHATWG, 13.2.5.3), or the end of the source. */
export function rawTextEnd(source: string, start: number, name: string): number {
  let at = start;
  for (;;) {
    at = source.indexOf("</", at);
    if (at < 0) return source.length;
    const after = at + 2 + name.length;
    if (endsName(source.charCodeAt(after)) && lower(source.slice(at + 2, after)) === name) return at;
    at += 2;
  }
}

/** `-->` and `--!>` end a comment, and `>` or `->` do so right behind its start. */
function skipComment(source: string, start: number): number {
  if (source.charCodeAt(start) === greater) return start + 1;
  if (source.startsWith("->", start)) return start + 2;
  let at = start;
  for (;;) {
    at = source.indexOf("--", at);
    if (at < 0) return source.length;
    const c = source.charCodeAt(at + 2);
    if (c === greater) return at + 3;
    if (c === 33 && source.charCodeAt(at + 3) === greater) return at + 4;
    at++;
  }
}

/** ASCII letters in lower case. Others stay as they are: U+212A would become a `k`. */
function lower(name: string): string {
  let upper = false;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c >= 128) return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (c >= 65 && c <= 90) upper = true;
  }
  return upper ? name.toLowerCase() : name;
}

function isLetter(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
}

function isSpace(c: number): boolean {
  return c < 128 && ((classes[c] ?? 0) & blank) !== 0;
}

function isSpaceOrSlash(c: number): boolean {
  return c === slash || isSpace(c);
}

function endsName(c: number): boolean {
  return c < 128 && ((classes[c] ?? 0) & nameEnd) !== 0;
}

function endsValue(c: number): boolean {
  return c < 128 && ((classes[c] ?? 0) & valueEnd) !== 0;
}
