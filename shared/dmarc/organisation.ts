// The organisational domain by the public suffix list, as RFC 7489, 3.2 wants it: there is always one.

import { organisationalDomain } from "../message/domain.ts";
import { ownText } from "../own-text.ts";

/**
 * For a public suffix it is the suffix itself. Below a suffix that the list does not have, such as the name of a site's
 * own network, the list's rule "*" applies: the last two labels. The domain is in ASCII and lower case.
 */
export function organisationOf(domain: string): string {
  let organisation = known.get(domain);
  if (organisation === undefined) {
    const own = ownText(domain);
    organisation = findOrganisation(own);
    if (known.size >= remembered) known.clear();
    known.set(own, organisation);
  }
  return organisation;
}

/** Domains that are remembered: SPF, DKIM, DMARC and whitelists ask for the same few, one message after the other. */
const remembered = 500;
const known = new Map<string, string>();

function findOrganisation(domain: string): string {
  const registered = organisationalDomain(domain);
  if (registered !== "") return registered;
  const isSuffix = organisationalDomain(`x.${domain}`) !== "";
  if (isSuffix) return domain;
  const dot = domain.lastIndexOf(".", domain.lastIndexOf(".") - 1);
  return dot <= 0 ? domain : domain.slice(dot + 1);
}

/** Whether a domain is another one or lies below it. */
export function isWithin(domain: string, other: string): boolean {
  return domain === other || domain.endsWith(`.${other}`);
}
