// Keys of a test run, and the DNS that publishes them.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { zoneDns } from "../../shared/dns/zone.testing.ts";

export interface TestKey {
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  readonly key: KeyObject;
  /** Content of its TXT record. */
  readonly record: string;
}

export const domain = "example.org";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");

function base64(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).toString("base64");
}

export const rsaKey: TestKey = {
  selector: "rsa",
  algorithm: "rsa-sha256",
  key: rsa.privateKey,
  record: `v=DKIM1; k=rsa; p=${base64(rsa.publicKey)}`,
};

export const ed25519Key: TestKey = {
  selector: "brisbane",
  algorithm: "ed25519-sha256",
  key: ed25519.privateKey,
  // RFC 8463, 4.2: the last 32 bytes alone.
  record: `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: "spki", format: "der" }).subarray(12).toString("base64")}`,
};

export const testKeys: readonly TestKey[] = [rsaKey, ed25519Key];

/** Records by name. */
export const records: Readonly<Record<string, string>> = Object.fromEntries(
  testKeys.map(({ selector, record }) => [`${selector}._domainkey.${domain}`, record]),
);

export const dns = zoneDns(Object.entries(records).map(([name, record]) => `${name} TXT ${record}`));

/** The private key as PEM (PKCS #1 for RSA), as programs read it. */
export function pemOf({ key, algorithm }: TestKey): string {
  return String(key.export({ type: algorithm === "rsa-sha256" ? "pkcs1" : "pkcs8", format: "pem" }));
}

/** The 32 bytes that make an Ed25519 key, in base64. */
export function seedOf({ key }: TestKey): string {
  return key.export({ type: "pkcs8", format: "der" }).subarray(-32).toString("base64");
}
