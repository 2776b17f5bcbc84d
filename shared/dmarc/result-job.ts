// What the DMARC check tells of a message for the report to the domain's owner. It goes through the queue to the role
// dmarc-reports, which adds it up.

import type { Jobs } from "../queue/queue.ts";
import type { ReportAddress } from "./report-uri.ts";

/** The record as it was published, with defaults where it says nothing (RFC 7489, appendix C: PolicyPublishedType). */
export interface PublishedPolicy {
  readonly adkim: "r" | "s";
  readonly aspf: "r" | "s";
  readonly p: string;
  readonly sp: string;
  readonly pct: number;
  readonly fo: string;
}

export interface ReportedDkim {
  readonly domain: string;
  readonly selector: string;
  readonly result: string;
}

/** All that makes one row of a report: messages alike in all of this are counted together. */
export interface ReportRow {
  readonly ip: string;
  readonly disposition: "none" | "quarantine" | "reject";
  /** Whether an aligned identifier passed. */
  readonly dkim: "pass" | "fail";
  readonly spf: "pass" | "fail";
  /** Why the disposition is not what the record asks for. */
  readonly reason?: { readonly type: "sampled_out" | "local_policy" | "trusted_forwarder"; readonly comment: string };
  readonly headerFrom: string;
  /** Domain of the envelope sender; "" for the null sender. */
  readonly envelopeFrom: string;
  readonly dkimResults: readonly ReportedDkim[];
  readonly spfResult: { readonly domain: string; readonly scope: "mfrom" | "helo"; readonly result: string };
}

export interface DmarcResult {
  /** ms since 1970. */
  readonly time: number;
  /** Whose record applies. */
  readonly policyDomain: string;
  readonly published: PublishedPolicy;
  readonly addresses: readonly ReportAddress[];
  readonly row: ReportRow;
}

export const dmarcResultJobs: Jobs<DmarcResult> = { name: "dmarc-results" };
