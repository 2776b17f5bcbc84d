// Display names in address fields that we write (RFC 5322, 3.2.5: phrase).

import { encodeText } from "./encode-word.ts";

/** Characters of a name. */
const longest = 200;

/** A name as a quoted string, or in encoded words (RFC 2047, 5) where it is not ASCII. `used` and `lineEnd` as in `encodeText`. */
export function encodePhrase(name: string, used: number, lineEnd = "\n"): string {
  const text = name.slice(0, longest);
  if (/[^\x20-\x7e]/.test(text)) return encodeText(text, used, lineEnd);
  return `"${text.trim().replace(/["\\]/g, "\\$&")}"`;
}
