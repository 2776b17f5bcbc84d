// The fields of a header block (RFC 5322, 2.2), in order, and how rules ask for them.

import type { Header, Headers } from "../task.ts";
import type { Note } from "./flaw.ts";
import type { Limits } from "./limits.ts";

/** A field whose value is not decoded yet: that needs the charset, which stands in another field. */
export interface RawField {
  readonly name: string;
  readonly key: string;
  readonly raw: string;
}

export interface HeaderBlock {
  readonly fields: readonly RawField[];
  /** Offset of the body: behind the empty line. */
  readonly end: number;
}

const cr = 13;
const space = 32;
const tab = 9;
const colon = 58;
const greater = 62;

/** Position of the first colon in [start, end) when a field name stands before it, else -1. */
function nameEnd(source: string, start: number, end: number): number {
  let blank = false;
  for (let at = start; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code === colon) return at === start ? -1 : at;
    // RFC 5322, 4.5: blanks between name and colon are obsolete, but read.
    if (code === space || code === tab) blank = true;
    else if (blank || code < 33 || code === 127) return -1;
  }
  return -1;
}

/** Not where a colon follows: blanks before it are obsolete (RFC 5322, 4.5), and readers take the field for the author. */
function isMboxLine(source: string, start: number): boolean {
  const word = source.charCodeAt(start) === greater ? start + 1 : start;
  if (!source.startsWith("From ", word)) return false;
  let at = word + 5;
  while (source.charCodeAt(at) === space || source.charCodeAt(at) === tab) at++;
  return source.charCodeAt(at) !== colon;
}

/** End of the line that starts at `start`, without its line end. */
function lineEnd(source: string, newline: number, start: number): number {
  return newline > start && source.charCodeAt(newline - 1) === cr ? newline - 1 : newline;
}

/**
 * Splits the header block of [start, end) of `source` (one char a byte) into fields. A line that is no field is noted
 * and left out when fields go on behind it; otherwise the body starts there, as a mail server reads it.
 */
export function splitHeaders(
  source: string,
  start: number,
  end: number,
  limits: Limits,
  part: number,
  note: Note,
): HeaderBlock {
  const fields: RawField[] = [];
  const last = start + limits.headersBytes;
  let at = start;
  while (at < end) {
    let newline = source.indexOf("\n", at);
    if (newline === -1 || newline > end) newline = end;
    const stop = lineEnd(source, newline, at);
    if (stop === at) return { fields, end: Math.min(newline + 1, end) };
    const colonAt = nameEnd(source, at, stop);
    // A field goes on in the lines that start with a blank (RFC 5322, 2.2.3).
    let next = newline + 1;
    let close = stop;
    while (next < end) {
      const code = source.charCodeAt(next);
      if (code !== space && code !== tab) break;
      let fold = source.indexOf("\n", next);
      if (fold === -1 || fold > end) fold = end;
      close = lineEnd(source, fold, next);
      next = fold + 1;
    }
    if (colonAt === -1 || isMboxLine(source, at)) {
      if (at === start && start === 0 && source.startsWith("From ", 0)) note("mbox-line", part);
      else if (isMboxLine(source, at) || continues(source, next, end)) {
        note("bad-header", part, source.slice(at, Math.min(stop, at + 32)));
      } else {
        note("missing-empty-line", part);
        return { fields, end: at };
      }
    } else if (fields.length >= limits.headers || next > last) note("limit-headers", part);
    else {
      const name = source.slice(at, colonAt);
      fields.push({ name, key: name.trimEnd().toLowerCase(), raw: source.slice(colonAt + 1, close) });
    }
    at = next;
  }
  return { fields, end };
}

/** Whether a field stands at `start`. */
function continues(source: string, start: number, end: number): boolean {
  if (start >= end) return false;
  const newline = source.indexOf("\n", start);
  const stop = newline === -1 || newline > end ? end : newline;
  const name = nameEnd(source, start, stop);
  return name !== -1 && name - start < 64;
}

/** The lines of a field as one, trimmed. RFC 5322, 2.2.3 keeps the blanks of a fold; here each fold is one space. */
export function unfold(raw: string): string {
  let newline = raw.indexOf("\n");
  if (newline === -1) return raw.includes("\r") ? raw.replaceAll("\r", " ").trim() : raw.trim();
  let out = "";
  let from = 0;
  while (newline !== -1) {
    const line = raw.slice(from, newline).trim();
    if (line !== "") out += out === "" ? line : ` ${line}`;
    from = newline + 1;
    newline = raw.indexOf("\n", from);
  }
  const line = raw.slice(from).trim();
  if (line !== "") out += out === "" ? line : ` ${line}`;
  return out.includes("\r") ? out.replaceAll("\r", " ") : out;
}

/** The first field with this lower-case name, or null. */
export function first(headers: Headers, key: string): Header | null {
  for (const field of headers.fields) if (field.key === key) return field;
  return null;
}

/** All fields with this lower-case name, in order. */
export function all(headers: Headers, key: string): readonly Header[] {
  return headers.fields.filter((field) => field.key === key);
}

/** How many fields have this lower-case name. */
export function count(headers: Headers, key: string): number {
  let found = 0;
  for (const field of headers.fields) if (field.key === key) found++;
  return found;
}
