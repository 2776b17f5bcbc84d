// Strings of UCL: "like JSON", 'raw', bare up to the end of the value, and heredocs.

import { type Cursor, faultAt, isBlank, newline } from "./cursor.ts";

export interface Quoted {
  readonly text: string;
  /** Whether $VARIABLES in it mean something. */
  readonly expands: boolean;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/** A string in double quotes. As in libucl, a backslash before any other letter is dropped: "\." is ".". */
export function readDoubleQuoted(cursor: Cursor): Quoted {
  const { text } = cursor;
  const start = cursor.at;
  let from = start + 1;
  let value = "";
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      cursor.at = at + 1;
      return { text: value + text.slice(from, at), expands: true };
    }
    if (Number.isNaN(code)) throw faultAt(cursor, 'the string has no closing "', start);
    if (code === newline) throw faultAt(cursor, 'the string has no closing " on its line', start);
    if (code !== 92) continue;
    value += text.slice(from, at);
    const letter = text[at + 1] ?? "";
    if (letter === "u") {
      const digits = text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw faultAt(cursor, "\\u must be followed by four hex digits", at);
      value += String.fromCharCode(Number.parseInt(digits, 16));
      at += 5;
    } else if (letter === "\n") {
      throw faultAt(cursor, 'the string has no closing " on its line', start);
    } else {
      value += escapes[letter] ?? letter;
      at += 1;
    }
    from = at + 1;
  }
}

/** A string in single quotes: only \' and a line joined by a backslash mean something. */
export function readSingleQuoted(cursor: Cursor): Quoted {
  const { text } = cursor;
  const start = cursor.at;
  let end = start + 1;
  while (end < text.length && text.charCodeAt(end) !== 39) end += text.charCodeAt(end) === 92 ? 2 : 1;
  if (end >= text.length) throw faultAt(cursor, "the string has no closing '", start);
  cursor.at = end + 1;
  return {
    text: text
      .slice(start + 1, end)
      .replace(/\\'/g, "'")
      .replace(/\\\r?\n/g, ""),
    expands: false,
  };
}

/** `<<EOD`, lines, and `EOD` alone in a line, or with `;` or `,` right behind it as libucl has it; undefined when what stands here is no heredoc. */
export function readHeredoc(cursor: Cursor): Quoted | undefined {
  const { text } = cursor;
  if (!text.startsWith("<<", cursor.at)) return undefined;
  const lineEnd = text.indexOf("\n", cursor.at);
  const mark = lineEnd < 0 ? "" : text.slice(cursor.at + 2, lineEnd).trimEnd();
  if (!/^[A-Z]{1,64}$/.test(mark)) {
    throw faultAt(cursor, "after << goes a word of capital letters, and nothing else in that line");
  }
  for (let from = lineEnd + 1; from <= text.length; ) {
    const next = text.indexOf("\n", from);
    const end = next < 0 ? text.length : next;
    const behind = from + mark.length;
    const ends = () => /[;,]/.test(text[behind] ?? "");
    if (text.startsWith(mark, from) && (ends() || text.slice(behind, end).trim() === "")) {
      const body = text.slice(lineEnd + 1, Math.max(lineEnd + 1, from - 1));
      cursor.at = ends() ? behind : end;
      return { text: body, expands: true };
    }
    if (next < 0) break;
    from = next + 1;
  }
  throw faultAt(cursor, `the text <<${mark} has no line with ${mark} alone`);
}

/** A bare value: up to the end of the line, `;`, `,`, a comment, or a bracket that closes something outside of it. */
export function readBare(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  let at = start;
  let braces = 0;
  let brackets = 0;
  let escaped = false;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline || code === 59 || code === 44 || code === 35) break;
    if (code === 47 && text.charCodeAt(at + 1) === 42) break;
    if (code === 92) {
      escaped = true;
      at++;
    } else if (code === 123) braces++;
    else if (code === 91) brackets++;
    else if (code === 125 && --braces < 0) break;
    else if (code === 93 && --brackets < 0) break;
  }
  let end = Math.min(at, text.length);
  cursor.at = end;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  const value = text.slice(start, end);
  return escaped ? value.replace(/\\([\s\S])/g, "$1") : value;
}
