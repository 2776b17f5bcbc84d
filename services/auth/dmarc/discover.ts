// Policy discovery: whose record applies to mail of an author domain, and what it asks for (RFC 7489, 6.6.3; RFC 9989,
// 4.10.1).

import { isWithin, organisationOf } from "../../../shared/dmarc/organisation.ts";
import type { Dns } from "../../../shared/dns/dns.ts";
import { finish, type Soon, type Steps, wait } from "../../../shared/dns/steps.ts";
import { type Lookup, lookUpRecord } from "./lookup.ts";
import type { DmarcRecord, Policy } from "./record.ts";
import { openWalker, type Walker } from "./tree-walk.ts";

export interface Discovered {
  readonly status: "found";
  readonly record: DmarcRecord;
  /** Where the record stands. */
  readonly policyDomain: string;
  /** What it asks for mail of the author domain. */
  readonly policy: Policy;
  /** Whether a domain is of the author's organisation; undefined when the DNS does not say. */
  isOfOrganisation(domain: string): Soon<boolean | undefined>;
}

export type Discovery =
  | Discovered
  | { readonly status: "none" }
  | { readonly status: "bad" | "failed"; readonly domain: string; readonly reason: string };

/** Looks at the author domain and its organisational domain, as the public suffix list has it. */
export function* discover(author: string, dns: Dns): Steps<Discovery> {
  const organisation = organisationOf(author);
  const own = lookUpRecord(dns, author);
  const above = organisation === author ? undefined : lookUpRecord(dns, organisation);
  let domain = author;
  let lookup = yield* wait(own);
  if (lookup.status === "none" && above !== undefined) {
    domain = organisation;
    lookup = yield* wait(above);
  }
  if (lookup.status !== "found") return missing(lookup, domain);
  const { record } = lookup;
  return {
    status: "found",
    record,
    policyDomain: domain,
    policy: yield* policyFor(record, author, domain, dns),
    isOfOrganisation: (other) => isWithin(other, organisation) && organisationOf(other) === organisation,
  };
}

/** The same by walking up the DNS. */
export function* discoverByWalk(author: string, dns: Dns): Steps<Discovery> {
  const walker = openWalker(dns);
  const own = yield* wait(walker.lookUp(author));
  if (own.status === "bad" || own.status === "failed") return missing(own, author);
  if (own.status === "found") return yield* discovered(author, author, own.record, walker, dns);
  const walk = yield* wait(walker.walk(author));
  if (walk.status === "failed") return walk;
  const { steps, organisation } = walk;
  // The organisation's own record, else that of the public suffix above it.
  const step = steps.find(({ domain }) => domain === organisation) ?? steps.find(({ record }) => record.suffix === "y");
  if (step !== undefined) return yield* discovered(author, step.domain, step.record, walker, dns);
  return { status: "none" };
}

function* discovered(
  author: string,
  policyDomain: string,
  record: DmarcRecord,
  walker: Walker,
  dns: Dns,
): Steps<Discovered> {
  return {
    status: "found",
    record,
    policyDomain,
    policy: yield* policyFor(record, author, policyDomain, dns),
    isOfOrganisation: (other) => finish(isOfSameWalk(other, author, walker)),
  };
}

function* isOfSameWalk(other: string, author: string, walker: Walker): Steps<boolean | undefined> {
  if (other === author) return true;
  // Without a label in common no organisation is.
  if (topOf(other) !== topOf(author)) return false;
  const walk = yield* wait(walker.walk(author));
  if (walk.status === "failed") return undefined;
  if (!isWithin(other, walk.organisation)) return false;
  const others = yield* wait(walker.walk(other));
  return others.status === "failed" ? undefined : others.organisation === walk.organisation;
}

function missing(lookup: Exclude<Lookup, { status: "found" }>, domain: string): Discovery {
  if (lookup.status === "none") return lookup;
  return { status: lookup.status === "failed" ? "failed" : "bad", domain, reason: lookup.reason };
}

function* policyFor(record: DmarcRecord, author: string, policyDomain: string, dns: Dns): Steps<Policy> {
  if (author === policyDomain) return record.policy;
  const { nonexistent, subdomains, policy } = record;
  if (nonexistent !== undefined) {
    // RFC 8020: a name that is denied for one type is there for none.
    const answer = yield* wait(dns.query(author, "A"));
    if (answer.status === "no-name") return nonexistent;
  }
  return subdomains ?? policy;
}

function topOf(domain: string): string {
  return domain.slice(domain.lastIndexOf(".") + 1);
}
