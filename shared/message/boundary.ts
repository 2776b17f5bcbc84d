// Splits the body of a multipart at its boundary lines (RFC 2046, 5.1.1).

/** One body part, header block included: [start, end) of the source. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Split {
  readonly ranges: readonly Range[];
  /** Whether the closing boundary line was there. */
  readonly closed: boolean;
  /** Whether parts beyond the limit were left out. */
  readonly limited: boolean;
  /** Start of the first boundary line, -1 without one. */
  readonly first: number;
  /** Start of what follows the closing boundary line, -1 without one. */
  readonly rest: number;
}

/** Start of the first line at or behind `from`, a line start, that is a boundary line for `delimiter`, or -1. */
function findLine(body: string, delimiter: string, from: number): number {
  let at = body.indexOf(delimiter, from);
  while (at !== -1) {
    if (at === from || body.charCodeAt(at - 1) === 10) {
      const behind = at + delimiter.length;
      if (body.startsWith("--", behind) || isBlank(body, behind)) return at;
    }
    at = body.indexOf(delimiter, at + delimiter.length);
  }
  return -1;
}

/** Whether nothing but blanks stands up to the end of the line. */
function isBlank(body: string, from: number): boolean {
  for (let at = from; at < body.length; at++) {
    const code = body.charCodeAt(at);
    if (code === 10) return true;
    if (code !== 32 && code !== 9 && code !== 13) return false;
  }
  return true;
}

/** At most `limit` parts of the body [start, end) of a multipart with this boundary. No part when it never comes. */
export function splitBody(source: string, start: number, end: number, boundary: string, limit: number): Split {
  const body = source.slice(start, end);
  const delimiter = `--${boundary}`;
  const ranges: Range[] = [];
  let line = findLine(body, delimiter, 0);
  const first = line === -1 ? -1 : start + line;
  while (line !== -1) {
    const behind = line + delimiter.length;
    const newline = body.indexOf("\n", behind);
    const from = newline === -1 ? body.length : newline + 1;
    if (body.startsWith("--", behind)) return { ranges, closed: true, limited: false, first, rest: start + from };
    if (ranges.length >= limit) return { ranges, closed: true, limited: true, first, rest: -1 };
    const next = findLine(body, delimiter, from);
    ranges.push({ start: start + from, end: start + (next === -1 ? body.length : beforeLine(body, from, next)) });
    line = next;
  }
  return { ranges, closed: false, limited: false, first, rest: -1 };
}

/** RFC 2046, 5.1.1: the line end before a boundary line belongs to the boundary. */
function beforeLine(body: string, start: number, line: number): number {
  let end = line;
  if (end > start && body.charCodeAt(end - 1) === 10) end--;
  if (end > start && body.charCodeAt(end - 1) === 13) end--;
  return end;
}

/** The boundary of a multipart that does not name it: the first line of "--" and more before a part's header. */
export function guessBoundary(source: string, start: number, end: number): string {
  const found = /^--([^\s-][^\r\n]{0,69}|-[^\r\n]{0,69})\r?\n(?=content-)/im.exec(
    source.slice(start, Math.min(end, start + 8192)),
  );
  return found?.[1]?.trimEnd() ?? "";
}
