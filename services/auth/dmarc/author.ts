// The author domain: whose policy applies to a message (RFC 7489, 6.6.1; RFC 9989, 5.3.1).

import { isHostName } from "../../../shared/message/domain.ts";
import type { Headers } from "../../../shared/task.ts";

/** The domain in ASCII and lower case, or why there is none. */
export type Author = { readonly domain: string } | { readonly reason: string };

/**
 * Several addresses are one author as long as they are of one domain. Two From headers are none: readers disagree on
 * which of them they show.
 */
export function authorOf({ fields, from }: Pick<Headers, "fields" | "from">): Author {
  let headers = 0;
  for (const { key } of fields) if (key === "from") headers += 1;
  if (headers === 0) return { reason: "No From header" };
  if (headers > 1) return { reason: "Duplicate From header" };
  let domain = "";
  for (const { host } of from) {
    if (host === domain || !isDomain(host)) continue;
    if (domain !== "") return { reason: "Several domains in From header" };
    domain = host;
  }
  return domain === "" ? { reason: "No domain in From header" } : { domain };
}

/** An address literal has no policy. */
function isDomain(host: string): boolean {
  return isHostName(host) && !/^[\d.]+$/.test(host);
}
