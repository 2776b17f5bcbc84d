// Whether what a domain publishes is the key that it signs with (check_pubkey, `sluice dkim test`).

import { createPublicKey, type KeyObject } from "node:crypto";
import type { Dns } from "../../../shared/dns/dns.ts";
import { parseKeyRecord, queryKeys } from "../dkim/key-record.ts";
import { algorithmOf } from "../dkim/private-key.ts";
import { publicKey } from "../dkim/public-key.ts";

export type Published =
  | { readonly status: "match"; readonly testing: boolean }
  /** There is none, or it is another. */
  | { readonly status: "missing" | "mismatch"; readonly reason: string }
  /** Nobody could tell. */
  | { readonly status: "failed"; readonly reason: string };

/** k= of a key. */
export function keyTypeOf(key: KeyObject): "rsa" | "ed25519" {
  return algorithmOf(key) === "rsa-sha256" ? "rsa" : "ed25519";
}

/** p= of a private key: RSA as SubjectPublicKeyInfo, Ed25519 as its 32 bytes (RFC 8463, 4.2). */
export function publishedForm(key: KeyObject): string {
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return (keyTypeOf(key) === "rsa" ? der : der.subarray(-32)).toString("base64");
}

export async function checkPublished(dns: Dns, domain: string, selector: string, key: KeyObject): Promise<Published> {
  const answer = await queryKeys(dns, domain, selector);
  if (answer.status !== "found") return { status: answer.status, reason: answer.reason };
  let reason = "";
  for (const text of answer.texts) {
    const record = parseKeyRecord(text);
    if (typeof record === "string") reason ||= record;
    else if (record.key === "") reason ||= "the key was taken back (p= is empty)";
    else if (record.type !== keyTypeOf(key)) reason ||= `it is of the type ${record.type}`;
    else if (!isSame(record.key, key)) reason ||= "it is another key";
    else if (!record.allowsMail) reason ||= "it is not for mail (s=)";
    else if (!record.allowsSha256) reason ||= "it does not allow SHA-256 (h=)";
    else return { status: "match", testing: record.testing };
  }
  return { status: "mismatch", reason };
}

/** Also RSA keys that are published as RFC 6376, 3.6.1 has it, not as everybody does. */
function isSame(published: string, key: KeyObject): boolean {
  const read = publicKey(keyTypeOf(key), published, 0);
  return typeof read !== "string" && read.key.equals(createPublicKey(key));
}
