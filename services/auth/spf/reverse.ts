// Names of the client that the DNS confirms (RFC 7208, 5.5): "ptr" and the macro "p". Whoever owns the address writes its
// PTR records, so a name counts only when its own addresses lead back.

import { reverseName } from "./client.ts";
import type { Visit } from "./visit.ts";

/** Names of the PTR records, the first of them only. */
async function pointers(visit: Visit): Promise<readonly string[]> {
  if (visit.names !== undefined) return visit.names;
  const answer = await visit.ask(reverseName(visit.client), "PTR");
  // RFC 7208, 5.5: a failing DNS is no match, and 4.6.4: further names are ignored.
  visit.names = answer.status === "found" ? answer.records.slice(0, visit.limits.names) : [];
  visit.nameless = answer.status === "no-name" || answer.status === "no-record";
  return visit.names;
}

/** Whether one of the names leads back; those whose addresses cannot be had are skipped (RFC 7208, 5.5). */
async function firstConfirmed(names: readonly string[], visit: Visit): Promise<string> {
  for (const name of names) {
    const answer = await visit.askAddresses(name);
    if (answer.status === "found" && answer.records.includes(visit.client.text)) return name;
  }
  return "";
}

/** A confirmed name that is the domain or lies below it; "" when there is none. */
export async function nameWithin(domain: string, visit: Visit): Promise<string> {
  const names = (await pointers(visit)).filter((name) => name === domain || name.endsWith(`.${domain}`));
  return firstConfirmed(names, visit);
}

/** The macro "p" (RFC 7208, 7.3): the domain itself before names below it, and those before any other. */
export async function nameFor(domain: string, visit: Visit): Promise<string> {
  const rank = (name: string) => (name === domain ? 0 : name.endsWith(`.${domain}`) ? 1 : 2);
  const names = (await pointers(visit)).toSorted((one, other) => rank(one) - rank(other));
  return (await firstConfirmed(names, visit)) || "unknown";
}
