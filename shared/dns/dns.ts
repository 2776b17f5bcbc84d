// What a check may ask of the DNS. `shared/resolver.ts` answers: a cache with limits in front of the site's name servers.

import type { Soon } from "./steps.ts";

/** The data of each type of record, as the checks need it. Names are lower case, without the last dot, in ASCII. */
export interface RecordData {
  readonly A: string;
  /** Canonical form of RFC 5952. */
  readonly AAAA: string;
  /** The strings of one record joined (RFC 7208, 3.3; RFC 6376, 3.6.2.2), one char a byte. */
  readonly TXT: string;
  readonly MX: { readonly preference: number; readonly exchange: string };
  readonly PTR: string;
  readonly NS: string;
  readonly CNAME: string;
}

export type RecordType = keyof RecordData;

/**
 * An answer. That there is no record and that nobody could tell are different things, and the types keep them apart:
 * `no-record` is a name without records of this type, `no-name` a name that does not exist (NXDOMAIN), `failed` any
 * answer that says nothing: SERVFAIL, a timeout, a reply that cannot be read, the task's limit of queries.
 */
export type DnsAnswer<Data> =
  | {
      readonly status: "found";
      /** At least one, in the order of the reply, aliases (CNAME) followed. */
      readonly records: readonly Data[];
      /** Seconds it may be kept. */
      readonly ttl: number;
      /** The name server says that DNSSEC proves it (AD). */
      readonly secure: boolean;
    }
  | { readonly status: "no-record" | "no-name"; readonly secure: boolean }
  | {
      readonly status: "failed";
      /** For the log and for an option: "SERVFAIL", "timeout". */
      readonly reason: string;
    };

export interface Dns {
  /** Never rejects. What is in the cache is answered at once, without a promise; the rest at the latest at the deadline of
   *  the question that the check is part of. */
  query<Type extends RecordType>(name: string, type: Type): Soon<DnsAnswer<RecordData[Type]>>;
}

/** One query: an event of the span of its check. */
export interface DnsEvent {
  /** As the check wrote it. */
  readonly name: string;
  readonly type: RecordType;
  /** ms since 1970. */
  readonly at: number;
  /** ms; 0 from the cache. */
  readonly waited: number;
  readonly status: DnsAnswer<unknown>["status"];
}

/** What a check has asked so far. */
export interface DnsUse {
  readonly queries: number;
  /** Of these, answered from the cache. */
  readonly cached: number;
  readonly failed: number;
  /** ms of all queries together. They may have waited side by side. */
  readonly waited: number;
  /** In the order of the answers; not more than `mostEvents`. */
  readonly events: readonly DnsEvent[];
}

/** Queries of one check that are events. */
export const mostEvents = 50;

export interface CheckDnsUse extends DnsUse {
  readonly check: string;
}

/** One question to an actor, as the resolver sees it: its checks have one deadline, and share what they may ask. */
export interface DnsTask {
  /** Fires when there is just time left to conclude. Looked at only when there is something to wait for. */
  readonly signal: AbortSignal;
  /** Queries of its checks so far; the resolver counts. */
  queries: number;
}

export interface MeasuredDns extends Dns {
  readonly use: DnsUse;
}

export interface Resolver {
  /** The DNS for one check of one task. Costs next to nothing. */
  dnsFor(task: DnsTask): MeasuredDns;
}
