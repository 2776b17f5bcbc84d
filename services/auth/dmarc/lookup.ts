// The DMARC record of one name (RFC 7489, 6.6.3, steps 1 to 5).

import type { Dns, DnsAnswer } from "../../../shared/dns/dns.ts";
import { after, type Soon } from "../../../shared/dns/steps.ts";
import { type DmarcRecord, parseRecord } from "./record.ts";

export type Lookup =
  | { readonly status: "found"; readonly record: DmarcRecord }
  | { readonly status: "none" }
  /** There is something, and it cannot be told what it asks for. */
  | { readonly status: "bad" | "several"; readonly reason: string }
  | { readonly status: "failed"; readonly reason: string };

const none: Lookup = { status: "none" };

export function lookUpRecord(dns: Dns, domain: string): Soon<Lookup> {
  // A name of the DNS has at most 253 characters (RFC 1035, 2.3.4).
  if (domain.length > 253 - "_dmarc.".length) return none;
  return after(dns.query(`_dmarc.${domain}`, "TXT"), readAnswer);
}

function readAnswer(answer: DnsAnswer<string>): Lookup {
  if (answer.status === "failed") return { status: "failed", reason: answer.reason };
  if (answer.status !== "found") return none;
  let found: DmarcRecord | string | null = null;
  for (const text of answer.records) {
    const record = parseRecord(text);
    if (record === null) continue;
    if (found !== null) return { status: "several", reason: "Multiple policies defined in DNS" };
    found = record;
  }
  if (found === null) return none;
  return typeof found === "string" ? { status: "bad", reason: found } : { status: "found", record: found };
}
