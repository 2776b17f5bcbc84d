// The canonical forms of a header field (RFC 6376, 3.4.1 and 3.4.2), one char a byte, without the last line end.

import type { Header } from "../../../shared/task.ts";

/** How much a message may change on its way before a signature breaks (RFC 6376, 3.4). */
export type Form = "simple" | "relaxed";

export type Field = Pick<Header, "name" | "key" | "raw">;

/** `value` stands in for what the field has behind its colon. */
export function headerForm(field: Field, form: Form, value: string = field.raw): string {
  // Some servers hand over bare LF; what goes over the wire has CRLF.
  return form === "simple" ? `${field.name}:${withCrlf(value)}` : `${field.key}:${relaxedValue(value)}`;
}

export function withCrlf(text: string): string {
  return text.includes("\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}

/** Folds, spaces and tabs: what `relaxed` reads as one space. A CR without LF is no line end, and stays. */
const blanks = /(?:[ \t]|\r?\n)+/g;
const needsWork = /[\t\n]| {2}/;

function relaxedValue(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  const bare = value.slice(start, end);
  if (!needsWork.test(bare)) return bare;
  const spaced = bare.replace(blanks, " ");
  // The value may begin or end with a fold.
  const first = spaced.charCodeAt(0) === 32 ? 1 : 0;
  const last = spaced.length > first && spaced.charCodeAt(spaced.length - 1) === 32 ? spaced.length - 1 : spaced.length;
  return first === 0 && last === spaced.length ? spaced : spaced.slice(first, last);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
