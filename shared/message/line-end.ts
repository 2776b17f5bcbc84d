// Bytes that a message in transit should not have (RFC 5321, 2.3.8 and 4.5.2; RFC 5322, 2.3).

import type { Note } from "./flaw.ts";

export interface LineEnds {
  readonly nul: boolean;
  /** Whether a CR stands without an LF behind it. */
  readonly bareCr: boolean;
}

/** Notes NUL bytes, bare CR, and bare LF beside CRLF. LF alone throughout is how mail is stored, and no flaw. */
export function checkLineEnds(bytes: Buffer, text: string, note: Note): LineEnds {
  const nul = bytes.includes(0);
  if (nul) note("nul", 0);
  let cr = text.indexOf("\r");
  if (cr === -1) return { nul, bareCr: false };
  let pairs = 0;
  let bare = false;
  for (; cr !== -1; cr = text.indexOf("\r", cr + 1)) {
    if (text.charCodeAt(cr + 1) === 10) pairs++;
    else bare = true;
  }
  if (bare) note("bare-cr", 0);
  if (pairs === 0) return { nul, bareCr: bare };
  for (let lf = text.indexOf("\n"); lf !== -1; lf = text.indexOf("\n", lf + 1)) {
    if (text.charCodeAt(lf - 1) === 13) continue;
    note("bare-lf", 0);
    break;
  }
  return { nul, bareCr: bare };
}
