// Header fields that are added to a message: names and values that cannot break out of their line.

import { encodeText } from "../../../shared/message/encode-word.ts";
import type { AddedHeader } from "../../../shared/verdict.ts";

/** Characters of a value that has parts. */
const longest = 16_384;
/** RFC 5322, 2.1.1: no line has more than 998 characters. */
const longestLine = 900;

/** A field of free text: folded with LF, encoded where it is not ASCII. */
export function field(name: string, value: string, order = -1): AddedHeader {
  return { name, value: encodeText(value, name.length + 2), order };
}

/** A field whose value has a grammar: each part stands on a line of its own. Parts beyond the limit are left out. */
export function fieldOfParts(name: string, parts: readonly string[], order = -1): AddedHeader {
  const kept: string[] = [];
  let size = 0;
  for (const part of parts) {
    const line = printable(part).slice(0, longestLine);
    size += line.length;
    if (size > longest) break;
    kept.push(line);
  }
  return { name, value: kept.join("\n\t"), order };
}

/** Text on one line in ASCII. Within a grammar encoded words cannot stand (RFC 2047, 5): "?" is what is left. */
export function printable(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return text.trim();
  return text
    .replace(/[\x00-\x1f\x7f]+/g, " ")
    .replace(/[^\x20-\x7e]+/g, "?")
    .trim();
}
