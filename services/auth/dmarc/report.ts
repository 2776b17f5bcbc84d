// What a message adds to the report to the owner of its author domain (RFC 7489, 7.2).

import type { DmarcConfig } from "../../../shared/dmarc/config.ts";
import { organisationOf } from "../../../shared/dmarc/organisation.ts";
import type { DmarcResult, ReportRow } from "../../../shared/dmarc/result-job.ts";
import type { Log } from "../../../shared/log.ts";
import { addressMap, domainMap, type KeyMap, lookUpAddress } from "../../../shared/map/live-map.ts";
import type { Envelope } from "../../../shared/task.ts";
import type { DkimFinding } from "../dkim/finding.ts";
import type { SpfFinding } from "../spf/finding.ts";
import type { Alignment } from "./align.ts";
import type { Discovered } from "./discover.ts";
import type { Judgement } from "./judge.ts";

/** Signatures in a row. */
const mostSignatures = 10;

export interface Judged {
  /** Of the host that sent it; "" when nobody knows. */
  readonly ip: string;
  readonly envelope: Envelope;
  readonly now: number;
  readonly author: string;
  readonly discovered: Discovered;
  readonly alignment: Alignment;
  readonly judgement: Judgement;
  readonly spf: SpfFinding | undefined;
  readonly dkim: DkimFinding | undefined;
}

/** undefined when nobody wants to know, or the operator does not want to tell. Problems of maps go to the log. */
export function reportOf(config: DmarcConfig, judged: Judged, place: { readonly log: Log }): DmarcResult | undefined {
  const { ip, envelope, now, discovered } = judged;
  const { record, policyDomain } = discovered;
  if (!config.reporting.enabled || record.addresses.length === 0 || ip === "") return undefined;
  const { reporting } = config;
  const excluded = addressMap(reporting.exclude_rua_addresses);
  const recipients = addressMap(reporting.exclude_recipients);
  const only = domainMap(reporting.only_domains);
  const without = [domainMap(reporting.exclude_domains), domainMap(config.no_reporting_domains)];
  const names = [policyDomain, organisationOf(policyDomain)];
  const isIn = (map: KeyMap) => names.some((name) => map.get(name) !== undefined);
  const isUnwanted =
    (!only.empty && !isIn(only)) ||
    without.some(isIn) ||
    (!recipients.empty && envelope.rcpts.some((rcpt) => lookUpAddress(recipients, rcpt) !== undefined));
  for (const map of [excluded, recipients, only, ...without]) {
    for (const problem of map.takeProblems()) place.log.warn({ problem }, "dmarc.reporting");
  }
  if (isUnwanted) return undefined;
  const addresses = record.addresses.filter(({ address }) => lookUpAddress(excluded, address) === undefined);
  if (addresses.length === 0) return undefined;
  return {
    time: now,
    policyDomain,
    published: {
      adkim: record.strictDkim ? "s" : "r",
      aspf: record.strictSpf ? "s" : "r",
      p: record.policy,
      sp: record.subdomains ?? record.policy,
      pct: record.percent,
      fo: record.failureOptions,
    },
    addresses,
    row: rowOf(judged),
  };
}

function rowOf({ ip, envelope, author, alignment, judgement, spf, dkim }: Judged): ReportRow {
  const { disposition, override } = judgement;
  const signatures = dkim?.signatures.filter(({ domain }) => domain !== "").slice(0, mostSignatures) ?? [];
  return {
    ip,
    disposition,
    dkim: alignment.dkim ? "pass" : "fail",
    spf: alignment.spf ? "pass" : "fail",
    ...(override === undefined ? {} : { reason: override }),
    headerFrom: author,
    envelopeFrom: cut(spf?.identity === "mailfrom" ? spf.domain : domainOf(envelope.from ?? "")),
    dkimResults: signatures.map(({ domain, selector, result }) => {
      return { domain: cut(domain), selector: cut(selector), result };
    }),
    spfResult: {
      domain: cut(spf?.domain ?? ""),
      scope: spf?.identity === "helo" ? "helo" : "mfrom",
      result: spf?.result ?? "none",
    },
  };
}

/** No name in a report is longer than one of the DNS. */
function cut(name: string): string {
  return name.slice(0, 253);
}

function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at === -1 ? "" : address.slice(at + 1).toLowerCase();
}

const dispositions = ["none", "quarantine", "reject"] as const;

/** What was done with a message, in the words of reports. */
const doneBy: Readonly<Record<string, ReportRow["disposition"]>> = {
  reject: "reject",
  discard: "reject",
  "soft reject": "reject",
  quarantine: "quarantine",
  "add header": "quarantine",
  "rewrite subject": "quarantine",
};

/**
 * The result with what really happened: here a policy is one score among others, so a message that fails may be taken
 * all the same, and its domain's owner is told so. That spam is treated worse than its policy asks for is no part of it.
 */
export function withAction(result: DmarcResult, action: string): DmarcResult {
  const { row } = result;
  const done = doneBy[action] ?? "none";
  if (dispositions.indexOf(done) >= dispositions.indexOf(row.disposition)) return result;
  const reason = row.reason ?? { type: "local_policy", comment: "decided by score" };
  return { ...result, row: { ...row, disposition: done, reason } };
}
