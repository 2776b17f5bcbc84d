// Programs among the entries of archives.

import type { ListedEntry, Listing } from "../../shared/archive/walk.ts";
import { endingOf } from "../../shared/message/file-name.ts";

const programTypes = new Set(["application/vnd.microsoft.portable-executable", "application/x-elf"]);
/** What a double click runs as a program; scripts are the business of bad extensions. */
const programExtensions = new Set(["exe", "com", "scr", "pif"]);

/** A program by its name, or by its first bytes where a name hides it. A library is none. */
export function isProgram(entry: ListedEntry): boolean {
  if (entry.directory) return false;
  const { last } = endingOf(entry.name);
  if (programExtensions.has(last)) return true;
  return programTypes.has(entry.detected) && last !== "dll" && last !== "so";
}

/** A listing and all those within it. */
export function* everyListing(listing: Listing): Generator<Listing> {
  yield listing;
  for (const { inside } of listing.entries) if (inside !== null) yield* everyListing(inside);
}
