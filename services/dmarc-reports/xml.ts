// An aggregate report as XML (RFC 7489, appendix C).

import type { ReportingConfig } from "../../shared/dmarc/config.ts";
import type { ReportRow } from "../../shared/dmarc/result-job.ts";
import type { Collected, CollectedRow } from "./collect.ts";
import type { Day } from "./day.ts";

export function reportXml(
  { domain, published, rows, beyond }: Collected,
  day: Day,
  reporting: ReportingConfig,
  reportId: string,
): string {
  const { org_name, email, extra_contact_info } = reporting;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<feedback>",
    element("version", "1.0"),
    "<report_metadata>",
    element("org_name", org_name),
    element("email", email),
    ...(extra_contact_info === "" ? [] : [element("extra_contact_info", extra_contact_info)]),
    element("report_id", reportId),
    `<date_range>${element("begin", day.begin)}${element("end", day.end)}</date_range>`,
    ...(beyond === 0 ? [] : [element("error", `${beyond} more messages are not shown: there are too many rows`)]),
    "</report_metadata>",
    "<policy_published>",
    element("domain", domain),
    element("adkim", published.adkim),
    element("aspf", published.aspf),
    element("p", published.p),
    element("sp", published.sp),
    element("pct", published.pct),
    element("fo", published.fo),
    "</policy_published>",
    ...rows.map(record),
    "</feedback>",
  ];
  return `${lines.join("\n")}\n`;
}

function record({ row, count }: CollectedRow): string {
  const { ip, disposition, dkim, spf, reason, headerFrom, envelopeFrom, dkimResults } = row;
  return [
    "<record><row>",
    element("source_ip", ip),
    element("count", count),
    `<policy_evaluated>${element("disposition", disposition)}${element("dkim", dkim)}${element("spf", spf)}`,
    reason === undefined ? "" : reasonElement(reason),
    "</policy_evaluated></row><identifiers>",
    element("envelope_from", envelopeFrom),
    element("header_from", headerFrom),
    "</identifiers><auth_results>",
    ...dkimResults.map(
      (one) =>
        `<dkim>${element("domain", one.domain)}${element("selector", one.selector)}${element("result", one.result)}</dkim>`,
    ),
    spfElement(row.spfResult),
    "</auth_results></record>",
  ].join("");
}

function reasonElement({ type, comment }: NonNullable<ReportRow["reason"]>): string {
  return `<reason>${element("type", type)}${comment === "" ? "" : element("comment", comment)}</reason>`;
}

function spfElement({ domain, scope, result }: ReportRow["spfResult"]): string {
  return `<spf>${element("domain", domain)}${element("scope", scope)}${element("result", result)}</spf>`;
}

function element(name: string, value: string | number): string {
  return `<${name}>${escaped(String(value))}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** What XML 1.0, 2.2 does not allow at all becomes "?". */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\x00-\x1f\x7f\ufffe\uffff]/g, "?")
    .replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
