// A DMARC record as it is published (RFC 7489, 6.3; RFC 9989, 4.7 for np, psd and t).

import { type ReportAddress, readReportAddresses } from "../../../shared/dmarc/report-uri.ts";

export type Policy = "none" | "quarantine" | "reject";

export interface DmarcRecord {
  readonly policy: Policy;
  /** For subdomains, and for those that do not exist, where the record says something of them. */
  readonly subdomains?: Policy;
  readonly nonexistent?: Policy;
  readonly strictSpf: boolean;
  readonly strictDkim: boolean;
  /** Share of failing mail that the policy is for, in percent. */
  readonly percent: number;
  /** The owner is testing: failing mail is treated one step milder (RFC 9989, 4.7: t=y). */
  readonly testing: boolean;
  /** Whether a public suffix publishes it; "u": it does not say. */
  readonly suffix: "y" | "n" | "u";
  readonly addresses: readonly ReportAddress[];
  /** Tag fo, for reports. */
  readonly failureOptions: string;
}

/** Tags that are looked at; there are twelve. */
const mostTags = 50;

/** The version must match to the letter and come first (RFC 7489, 6.3); of its name the case does not count (6.4). */
const version = /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:\\?;|$)/;

/** Records that are remembered, and characters of one: most mail is of few domains. */
const remembered = 500;
const longestRemembered = 1_000;
const known = new Map<string, DmarcRecord | string>();

/** null: this is no DMARC record. A text: it is one, but what it asks for cannot be told. */
export function parseRecord(text: string): DmarcRecord | string | null {
  if (!version.test(text)) return null;
  let record = known.get(text);
  if (record === undefined) {
    record = readRecord(text);
    if (known.size >= remembered) known.clear();
    if (text.length <= longestRemembered) known.set(text, record);
  }
  return record;
}

/** RFC 7489, 6.6.3, step 6 asks for any URI, be it one that nobody sends reports to. */
const reportUri = /(?:^|,)[ \t]*[a-z][a-z0-9+.-]{0,31}:[^\s,]/i;

function readRecord(text: string): DmarcRecord | string {
  const tags = readTags(text);
  const addresses = readReportAddresses(tags.get("rua") ?? "");
  const policy = policyOf(tags, "p");
  const subdomains = policyOf(tags, "sp");
  const nonexistent = policyOf(tags, "np");
  const wrong = [policy, subdomains, nonexistent].find((value) => value instanceof Error);
  // RFC 7489, 6.6.3, step 6: whoever wants reports is taken to ask for nothing else, and the rest is not applied.
  if (wrong instanceof Error && addresses.length === 0 && !reportUri.test(tags.get("rua") ?? "")) return wrong.message;
  const asked = (value: Policy | Error | undefined) =>
    wrong === undefined && !(value instanceof Error) ? value : undefined;
  const [forSubdomains, forNonexistent] = [asked(subdomains), asked(nonexistent)];
  return {
    policy: asked(policy) ?? "none",
    ...(forSubdomains === undefined ? {} : { subdomains: forSubdomains }),
    ...(forNonexistent === undefined ? {} : { nonexistent: forNonexistent }),
    strictSpf: lower(tags, "aspf") === "s",
    strictDkim: lower(tags, "adkim") === "s",
    percent: percentOf(tags.get("pct")),
    testing: lower(tags, "t") === "y",
    suffix: suffixOf(lower(tags, "psd")),
    addresses,
    failureOptions: /^[01ds](?::[01ds]){0,3}$/i.exec(tags.get("fo") ?? "")?.[0].toLowerCase() ?? "0",
  };
}

/** Of a tag that is there twice, the first counts. What is no tag is left out (RFC 7489, 6.3). */
function readTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (let start = 0, seen = 0; start < text.length && seen < mostTags; seen++) {
    let end = text.indexOf(";", start);
    if (end === -1) end = text.length;
    const equals = text.indexOf("=", start);
    if (equals !== -1 && equals < end) {
      const name = text.slice(start, equals).trim().toLowerCase();
      // Some publish "\;", taking a name server's escape for a part of the record.
      const value = text
        .slice(equals + 1, end)
        .trim()
        .replace(/\\$/, "")
        .trimEnd();
      if (!tags.has(name)) tags.set(name, value);
    }
    start = end + 1;
  }
  return tags;
}

function lower(tags: ReadonlyMap<string, string>, name: string): string {
  return (tags.get(name) ?? "").toLowerCase();
}

function policyOf(tags: ReadonlyMap<string, string>, name: string): Policy | Error | undefined {
  const value = lower(tags, name);
  // A record without p asks for nothing (RFC 9989, 4.7).
  if (value === "" && !tags.has(name)) return undefined;
  if (value === "none" || value === "quarantine" || value === "reject") return value;
  return new Error(`${name} tag has invalid value: ${value.replace(/[^\x21-\x7e]/g, "?").slice(0, 40)}`);
}

function percentOf(value: string | undefined): number {
  return value !== undefined && /^\d{1,3}$/.test(value) && Number(value) <= 100 ? Number(value) : 100;
}

function suffixOf(value: string): "y" | "n" | "u" {
  return value === "y" || value === "n" ? value : "u";
}
