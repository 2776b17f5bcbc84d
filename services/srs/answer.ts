// What the mail server is told about an address (socketmap_table(5)).

import type { SrsOptions } from "../../shared/srs/sender.ts";
import { restoreSender } from "../../shared/srs/sender.ts";

/** The map that leads from a rewritten address back to the one it was made of. */
const mapName = "srs";

/**
 * @param request "srs SRS0=...@example.org". An address that is not ours, or is forged, or too old, is not found: a mail
 * server takes any other answer for a failure, and would keep mail back for it.
 */
export function answer(request: string, options: SrsOptions, now: number): string {
  const blank = request.indexOf(" ");
  const map = blank === -1 ? request : request.slice(0, blank);
  if (map !== mapName) return `PERM there is one map, ${mapName}`;
  const address = blank === -1 ? undefined : restoreSender(request.slice(blank + 1), options, now);
  return address === undefined ? "NOTFOUND " : `OK ${address}`;
}
