// The walk up the DNS that finds policies and organisations without a list of suffixes (RFC 9989, 4.10).

import type { Dns } from "../../../shared/dns/dns.ts";
import { after, all, type Soon } from "../../../shared/dns/steps.ts";
import { type Lookup, lookUpRecord } from "./lookup.ts";
import type { DmarcRecord } from "./record.ts";

/** Queries of one walk, and labels of the name where it goes on after the first (RFC 9989, 4.10). */
const mostQueries = 8;

export interface Step {
  readonly domain: string;
  readonly record: DmarcRecord;
}

export type Walk =
  | {
      readonly status: "walked";
      /** The valid records, the longest name first. */
      readonly steps: readonly Step[];
      readonly organisation: string;
    }
  | { readonly status: "failed"; readonly domain: string; readonly reason: string };

export interface Walker {
  /** Record of one name; asked for once, however many walks pass by. */
  lookUp(domain: string): Soon<Lookup>;
  walk(domain: string): Soon<Walk>;
}

export function openWalker(dns: Dns): Walker {
  const known = new Map<string, Soon<Lookup>>();
  const lookUp = (domain: string) => {
    let lookup = known.get(domain);
    if (lookup === undefined) {
      lookup = lookUpRecord(dns, domain);
      known.set(domain, lookup);
    }
    return lookup;
  };
  return { lookUp, walk: (domain) => walk(domain, lookUp) };
}

/** The names that are asked, in order: the domain, then its parents from seven labels on. */
export function namesOf(domain: string): readonly string[] {
  const labels = domain.split(".");
  const longest = Math.min(labels.length - 1, mostQueries - 1);
  const names = [domain];
  for (let count = longest; count >= 1; count--) names.push(labels.slice(-count).join("."));
  return names;
}

function walk(domain: string, lookUp: Walker["lookUp"]): Soon<Walk> {
  // All at once: what one answer makes needless costs a query, one after the other would cost the time of all.
  const names = namesOf(domain);
  return after(all(names.map(lookUp)), (lookups) => walked(domain, names, lookups));
}

function walked(domain: string, names: readonly string[], lookups: readonly Lookup[]): Walk {
  const steps: Step[] = [];
  for (const [index, lookup] of lookups.entries()) {
    const name = names[index] ?? domain;
    if (lookup.status === "failed") return { status: "failed", domain: name, reason: lookup.reason };
    if (lookup.status !== "found") continue;
    steps.push({ domain: name, record: lookup.record });
    if (lookup.record.suffix !== "u") break;
  }
  return { status: "walked", steps, organisation: organisationIn(domain, steps) };
}

/** RFC 9989, 4.10.2. */
function organisationIn(domain: string, steps: readonly Step[]): string {
  const last = steps.at(-1);
  if (last === undefined) return domain;
  if (last.record.suffix === "y" && last.domain !== domain) return oneLabelMore(domain, last.domain);
  return last.domain;
}

/** The name below `suffix` on the way to `domain`. */
function oneLabelMore(domain: string, suffix: string): string {
  const above = domain.slice(0, -suffix.length - 1);
  return `${above.slice(above.lastIndexOf(".") + 1)}.${suffix}`;
}
