// A place in a configuration text: moves over blanks and comments, knows its line.

import { Fault } from "../fault.ts";

export const newline = 10;

export interface Cursor {
  readonly file: string;
  readonly text: string;
  at: number;
  /** Where lines start, ascending. */
  readonly lines: readonly number[];
}

export function openCursor(file: string, text: string): Cursor {
  const lines = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines.push(at + 1);
  return { file, text, at: 0, lines };
}

/** Line, from 1, of `at`. */
export function lineOf(cursor: Cursor, at = cursor.at): number {
  let low = 0;
  let high = cursor.lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((cursor.lines[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}

export function faultAt(cursor: Cursor, message: string, at = cursor.at): Fault {
  return new Fault("bad-config", `${cursor.file}:${lineOf(cursor, at)}: ${message}`);
}

export function peek(cursor: Cursor): string {
  return cursor.text[cursor.at] ?? "";
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

function atComment(cursor: Cursor): boolean {
  const { text, at } = cursor;
  return text.charCodeAt(at) === 35 || (text.charCodeAt(at) === 47 && text.charCodeAt(at + 1) === 42);
}

function skipComment(cursor: Cursor): void {
  const { text } = cursor;
  if (text.charCodeAt(cursor.at) === 35) {
    const end = text.indexOf("\n", cursor.at);
    cursor.at = end < 0 ? text.length : end;
    return;
  }
  const start = cursor.at;
  let depth = 0;
  let open = start;
  let close = text.indexOf("*/", start + 2);
  do {
    // Each mark is looked for only when the last one is behind: thousands in a row must not each read the whole text.
    if (open >= 0 && open < cursor.at) open = text.indexOf("/*", cursor.at);
    if (close >= 0 && close < cursor.at) close = text.indexOf("*/", cursor.at);
    if (close < 0) throw faultAt(cursor, "the comment /* has no end", start);
    depth += open >= 0 && open < close ? 1 : -1;
    cursor.at = (open >= 0 && open < close ? open : close) + 2;
  } while (depth > 0);
}

/** Over blanks and comments, not over the end of the line (a comment of several lines may hold some). */
export function skipBlanks(cursor: Cursor): void {
  for (;;) {
    while (isBlank(cursor.text.charCodeAt(cursor.at))) cursor.at++;
    if (!atComment(cursor)) return;
    skipComment(cursor);
  }
}

/** Over blanks, comments and line ends. */
export function skipSpace(cursor: Cursor): void {
  for (;;) {
    skipBlanks(cursor);
    if (cursor.text.charCodeAt(cursor.at) !== newline) return;
    cursor.at++;
  }
}

/** Over all that may stand between two entries. */
export function skipSeparators(cursor: Cursor): void {
  for (;;) {
    skipSpace(cursor);
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 59 && code !== 44) return;
    cursor.at++;
  }
}
