// Names of the client that the DNS confirms (RFC 7208, 5.5): "ptr" and the macro "p". Whoever owns the address writes its
// PTR records, so a name counts only when its own addresses lead back.

import { type Steps, wait } from "../../../shared/dns/steps.ts";
import { reverseName } from "./client.ts";
import type { Visit } from "./visit.ts";

/** Names of the PTR records, the first of them only. */
function* pointers(visit: Visit): Steps<readonly string[]> {
  if (visit.names !== undefined) return visit.names;
  const answer = yield* wait(visit.ask(reverseName(visit.client), "PTR"));
  // RFC 7208, 5.5: a failing DNS is no match, and 4.6.4: further names are ignored.
  visit.names = answer.status === "found" ? answer.records.slice(0, visit.limits.names) : [];
  visit.nameless = answer.status === "no-name" || answer.status === "no-record";
  return visit.names;
}

/** Whether one of the names leads back; those whose addresses cannot be had are skipped (RFC 7208, 5.5). */
function* firstConfirmed(names: readonly string[], visit: Visit): Steps<string> {
  for (const name of names) {
    const answer = yield* wait(visit.askAddresses(name));
    if (answer.status === "found" && answer.records.includes(visit.client.text)) return name;
  }
  return "";
}

/** A confirmed name that is the domain or lies below it; "" when there is none. */
export function* nameWithin(domain: string, visit: Visit): Steps<string> {
  const names = (yield* pointers(visit)).filter((name) => name === domain || name.endsWith(`.${domain}`));
  return yield* firstConfirmed(names, visit);
}

/** The macro "p" (RFC 7208, 7.3): the domain itself before names below it, and those before any other. */
export function* nameFor(domain: string, visit: Visit): Steps<string> {
  const rank = (name: string) => (name === domain ? 0 : name.endsWith(`.${domain}`) ? 1 : 2);
  const names = (yield* pointers(visit)).toSorted((one, other) => rank(one) - rank(other));
  return (yield* firstConfirmed(names, visit)) || "unknown";
}
