// The make of a mail as its bytes show it: how its program writes headers, divides parts and begins a page. Runs of four bytes
// of what the sender wrote of the head, and of the first bytes of the body.

import { isAdded } from "../../../shared/message/added-header.ts";
import type { Headers, Structure } from "../../../shared/task.ts";
import { nameHash, spread } from "./hash.ts";
import type { TermSet } from "./term-set.ts";

const seed = nameHash("#bytes");

/** Bytes of the head that are looked at. */
const mostHead = 1_500;
/** Headers that say when and to whom: different in each mail, whoever made it. */
const passing: ReadonlySet<string> = new Set([
  "date",
  "to",
  "cc",
  "message-id",
  "references",
  "in-reply-to",
  "delivery-date",
]);

export function addRawRuns({ headers, structure }: { headers: Headers; structure: Structure }, terms: TermSet): void {
  addRuns(headOf(headers), terms);
  addRuns(structure.opening, terms);
}

/** What the sender wrote of the head, in its order: runs go from one header into the next. */
function headOf({ fields }: Headers): string {
  let head = "";
  for (const { key, name, raw } of fields) {
    if (head.length >= mostHead) break;
    if (!passing.has(key) && !isAdded(key)) head += `${name}:${raw.slice(0, mostHead)}\n`;
  }
  return head.slice(0, mostHead);
}

/** Adds half of the runs, whichever their hashes choose: they say as much as all. */
function addRuns(text: string, terms: TermSet): void {
  let run = 0;
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Storage changes line ends.
    if (unit === 0x0d) continue;
    run = (run << 8) | (unit & 0xff);
    length += 1;
    if (length < 4) continue;
    const hash = spread(run ^ seed);
    if ((hash & 1) === 0) terms.add(hash);
  }
}
