// One evaluation while it runs: what is asked, what it has cost so far, and the limits (RFC 7208, 4.6.4).

import type { Dns, DnsAnswer, RecordData, RecordType } from "../../../shared/dns/dns.ts";
import { type Soon, type Steps, wait } from "../../../shared/dns/steps.ts";
import type { Client } from "./client.ts";
import { longestRecords } from "./record.ts";

/** Each one that is passed is a permerror. */
export interface SpfLimits {
  /** Terms that ask the DNS. */
  readonly terms: number;
  /** Of those, terms to which the DNS has no answer. */
  readonly voids: number;
  /** Names of one "mx"; of the names of a "ptr" so many are looked at. */
  readonly names: number;
  /** Records that are read because of another, one within the other. */
  readonly nesting: number;
  /** Queries of all terms together: more than ten times one "mx" with ten names. */
  readonly queries: number;
}

export const defaultLimits: SpfLimits = { terms: 10, voids: 2, names: 10, nesting: 10, queries: 128 };

/** Why an evaluation ends at once. */
export interface Stop {
  readonly result: "temperror" | "permerror";
  readonly reason: string;
}

/** A term that got no answer; `unsure` when the name has no address of the client's family and may have one of the other. */
interface Void {
  readonly name: string;
  readonly unsure: boolean;
}

/** A class, for it counts. */
export class Visit {
  readonly client: Client;
  readonly limits: SpfLimits;
  /** Names of the client as the DNS has them, once they were asked for. */
  names: readonly string[] | undefined;
  /** It has no name at all, as the DNS says. */
  nameless = false;
  #dns: Dns;
  #terms = 0;
  #queries = 0;
  #characters = 0;
  #voids: Void[] = [];

  constructor(dns: Dns, client: Client, limits: SpfLimits) {
    this.#dns = dns;
    this.client = client;
    this.limits = limits;
  }

  /** Every answer past the limit of queries is "failed"; `overspent` tells that from a failing DNS. */
  ask<Type extends RecordType>(name: string, type: Type): Soon<DnsAnswer<RecordData[Type]>> {
    this.#queries += 1;
    if (this.overspent !== null) return { status: "failed", reason: this.overspent.reason };
    return this.#dns.query(name, type);
  }

  /** Addresses of the family of the client. */
  askAddresses(name: string): Soon<DnsAnswer<string>> {
    return this.ask(name, this.client.version === 4 ? "A" : "AAAA");
  }

  get overspent(): Stop | null {
    const { queries } = this.limits;
    return this.#queries > queries ? { result: "permerror", reason: `more than ${queries} queries` } : null;
  }

  /** Counts a term that asks the DNS. */
  countTerm(): Stop | null {
    const { terms } = this.limits;
    this.#terms += 1;
    return this.#terms > terms ? { result: "permerror", reason: `more than ${terms} terms that ask the DNS` } : null;
  }

  /** Counts the text of a record. */
  countText(text: string): Stop | null {
    this.#characters += text.length;
    if (this.#characters <= longestRecords) return null;
    return { result: "permerror", reason: `records of more than ${longestRecords} characters` };
  }

  /**
   * Counts a term to which the DNS had no answer. A host with addresses of one family only would be one for every client
   * of the other, and its record wrong for half the world: before the limit tells, such names are asked for once more.
   */
  *countVoid(name: string, unsure: boolean): Steps<Stop | null> {
    const { voids } = this.limits;
    this.#voids.push({ name, unsure });
    if (this.#voids.length <= voids) return null;
    const sure: Void[] = [];
    for (const entry of this.#voids) {
      const answer = entry.unsure ? yield* wait(this.ask(entry.name, this.client.version === 4 ? "AAAA" : "A")) : null;
      if (answer?.status !== "found") sure.push({ ...entry, unsure: false });
    }
    this.#voids = sure;
    return sure.length > voids ? { result: "permerror", reason: `more than ${voids} names without an answer` } : null;
  }
}

export function failure(name: string, type: RecordType, reason: string): Stop {
  return { result: "temperror", reason: `${type} ${name}: ${reason}` };
}
