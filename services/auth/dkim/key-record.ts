// A key as it stands in the DNS (RFC 6376, 3.6.1; RFC 8463, 4.2), and where it stands.

import type { Dns, DnsAnswer } from "../../../shared/dns/dns.ts";
import { after, type Soon } from "../../../shared/dns/steps.ts";
import { isHostName } from "../../../shared/message/domain.ts";
import { parseTags, withoutBlanks } from "./tag-list.ts";

export interface KeyRecord {
  /** k=, lower case. */
  readonly type: string;
  /** p= without blanks: base64; "" is a key that was taken back. */
  readonly key: string;
  /** h= allows SHA-256. */
  readonly allowsSha256: boolean;
  /** s= allows mail. */
  readonly allowsMail: boolean;
  /** t=y */
  readonly testing: boolean;
  /** t=s: i= must be of the domain d= itself. */
  readonly strict: boolean;
}

/** What the DNS has for a selector: texts of records, or why there are none, and whether that may change. */
export type KeyTexts =
  | { readonly status: "found"; readonly texts: readonly string[] }
  | { readonly status: "missing" | "failed"; readonly reason: string };

/** Bytes of a record. A key of 4,096 bits has 736 in base64, notes come on top. */
const longestRecord = 8_192;

/** Reads a record; a text is why it is none. */
export function parseKeyRecord(text: string): KeyRecord | string {
  if (text.length > longestRecord) return `key record of more than ${longestRecord} bytes`;
  const tags = parseTags(text);
  if (typeof tags === "string") return `key record has ${tags}`;
  // RFC 6376, 3.6.1: a record of another version says nothing about keys.
  if ((tags.get("v")?.value ?? "DKIM1") !== "DKIM1") return "no key record";
  const key = tags.get("p")?.value;
  if (key === undefined) return "key record has no p=";
  const flags = words(tags.get("t")?.value);
  const hashes = words(tags.get("h")?.value);
  const services = words(tags.get("s")?.value);
  return {
    type: (tags.get("k")?.value ?? "rsa").toLowerCase(),
    key: withoutBlanks(key),
    allowsSha256: hashes === null || hashes.includes("sha256"),
    allowsMail: services === null || services.includes("*") || services.includes("email"),
    testing: flags?.includes("y") ?? false,
    strict: flags?.includes("s") ?? false,
  };
}

/** A list divided by colons; null where there is none. */
function words(value: string | undefined): readonly string[] | null {
  return value === undefined ? null : withoutBlanks(value).toLowerCase().split(":");
}

/** Asks for the keys of a selector (RFC 6376, 3.6.2.1). */
export function queryKeys(dns: Dns, domain: string, selector: string): Soon<KeyTexts> {
  const name = `${selector.toLowerCase()}._domainkey.${domain}`;
  if (!isHostName(name)) return { status: "missing", reason: "the name of the key is too long" };
  return after(dns.query(name, "TXT"), textsOf);
}

function textsOf(answer: DnsAnswer<string>): KeyTexts {
  if (answer.status === "found") return { status: "found", texts: answer.records };
  if (answer.status === "failed") return { status: "failed", reason: `key: ${answer.reason}` };
  return { status: "missing", reason: "no key" };
}
