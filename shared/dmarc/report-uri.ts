// Where a domain wants its aggregate reports: the tag rua of a DMARC record (RFC 7489, 6.2 and 6.4).

import { mailbox } from "../message/address.ts";

export interface ReportAddress {
  readonly address: string;
  /** Bytes of a report that it takes; null without a limit. */
  readonly limit: number | null;
}

/** Addresses that are kept; RFC 7489, 6.2 wants at least two. */
export const mostReportAddresses = 10;
/** URIs that are looked at, and characters of one. */
const mostUris = 100;
const longestUri = 1_000;

const units: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** The mail addresses among the URIs, each once. Other schemes and what cannot be read are left out. */
export function readReportAddresses(uris: string): readonly ReportAddress[] {
  const found = new Map<string, ReportAddress>();
  let looked = 0;
  for (let start = 0; start < uris.length && looked < mostUris && found.size < mostReportAddresses; looked++) {
    let end = uris.indexOf(",", start);
    if (end === -1) end = uris.length;
    const address = end - start > longestUri ? null : readUri(uris.slice(start, end).trim());
    if (address !== null && !found.has(address.address)) found.set(address.address, address);
    start = end + 1;
  }
  return [...found.values()];
}

function readUri(uri: string): ReportAddress | null {
  // RFC 7489, 6.4: commas and "!" within the URI are encoded, so the last "!" begins the limit.
  const [, path = "", , size, unit = ""] = /^mailto:([^?#!]+)(?:[?#][^!]*)?(!(\d{1,15})([kmgt]?))?$/i.exec(uri) ?? [];
  const address = decoded(path);
  const box = mailbox("", address);
  // A report goes out as SMTP without SMTPUTF8.
  if (!box.valid || box.host.startsWith("[") || !/^[\x21-\x7e]+$/.test(box.address)) return null;
  const limit = size === undefined ? null : Number(size) * (units[unit.toLowerCase()] ?? 1);
  return { address: box.address, limit };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}

/** Host of an address, in ASCII and lower case. */
export function hostOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}
