// What a display name holds beside a name.

import { mailbox } from "../../shared/message/address.ts";
import type { Mailbox } from "../../shared/task.ts";

/** Titles that bulk mail gives its senders. */
const title = /^(mr|mrs|ms|miss|dr|prof|rev|barrister|engr?)[. ]/i;

/** The title that a text starts with, in lower case; "" when it has none. */
export function titleOf(text: string): string {
  return title.exec(text)?.[1]?.toLowerCase() ?? "";
}

function isUserCode(code: number): boolean {
  return isHostCode(code) || code === 43 || code === 61;
}

/** Letter, digit, ".", "-" or "_", or anything beyond ASCII. */
function isHostCode(code: number): boolean {
  if (code >= 97 && code <= 122) return true;
  if (code >= 48 && code <= 57) return true;
  if (code >= 65 && code <= 90) return true;
  return code === 46 || code === 45 || code === 95 || code > 127;
}

/** The first address in a display name whose host has a domain, or null. Linear: each "@" is looked at once. */
export function addressIn(name: string): Mailbox | null {
  let from = 0;
  for (let at = name.indexOf("@"); at !== -1; at = name.indexOf("@", at + 1)) {
    let start = at;
    while (start > from && isUserCode(name.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < name.length && isHostCode(name.charCodeAt(end))) end++;
    from = at + 1;
    if (start === at) continue;
    // A sentence may end behind an address.
    const found = mailbox("", name.slice(start, name.charCodeAt(end - 1) === 46 ? end - 1 : end));
    if (found.valid && found.domain !== "") return found;
  }
  return null;
}
