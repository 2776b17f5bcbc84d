// The author domain: whose policy applies to a message (RFC 7489, 6.6.1; RFC 9989, 5.3.1).

import { isHostName } from "../../../shared/message/domain.ts";
import type { Headers } from "../../../shared/task.ts";

/** The domain in ASCII and lower case, or why there is none. */
export type Author = { readonly domain: string } | { readonly reason: string };

/**
 * Several addresses are one author as long as they are of one domain. Two From headers are none: readers disagree on
 * which of them they show. An address whose domain cannot be told is not passed over for one whose can: it may be the one
 * that is shown.
 */
export function authorOf({ fields, from }: Pick<Headers, "fields" | "from">): Author {
  let headers = 0;
  for (const { key } of fields) if (key === "from") headers += 1;
  if (headers === 0) return { reason: "No From header" };
  if (headers > 1) return { reason: "Duplicate From header" };
  let domain = "";
  let isUnclear = false;
  for (const { host, address } of from) {
    if (host === domain && host !== "") continue;
    if (!isDomain(host)) {
      // Without an "@" it is but a piece of a name that has a comma.
      isUnclear ||= address.includes("@");
      continue;
    }
    if (domain !== "") return { reason: "Several domains in From header" };
    domain = host;
  }
  if (domain === "") return { reason: "No domain in From header" };
  return isUnclear ? { reason: "Unreadable address in From header" } : { domain };
}

/** An address literal has no policy. */
function isDomain(host: string): boolean {
  return isHostName(host) && !/^[\d.]+$/.test(host);
}
