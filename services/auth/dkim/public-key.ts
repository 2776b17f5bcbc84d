// Public keys from key records, ready to verify with. Reading one costs more than verifying with it, so they are kept.

import { createPublicKey, type KeyObject } from "node:crypto";
import type { KeyType } from "./signature.ts";

export interface PublicKey {
  readonly key: KeyObject;
  readonly type: KeyType;
  readonly bits: number;
}

/** RFC 8301, 3.2: verifiers take keys of 1,024 to 4,096 bits and nothing below. */
const largestKey = 4_096;
/** Characters of base64 in which a key of that size fits. */
const longestKey = 1_024;
/** Usual are 3 and 65,537. The exponent decides what verifying costs. */
const largestExponent = 0xffff_ffffn;

const kept = new Map<string, PublicKey | string>();

/**
 * The key of a record (p=); a text is why it is none. RSA keys come as SubjectPublicKeyInfo, as everybody publishes
 * them, or as RSAPublicKey, as RFC 6376, 3.6.1 has it; Ed25519 keys are 32 bytes (RFC 8463, 4.2).
 * @param size keys that are kept
 */
export function publicKey(type: KeyType, base64: string, size: number): PublicKey | string {
  const name = `${type} ${base64}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  if (base64.length > longestKey) return "key is too large";
  const key = read(type, base64);
  if (size > 0) {
    for (const oldest of kept.keys()) {
      if (kept.size < size) break;
      kept.delete(oldest);
    }
    kept.set(name, key);
  }
  return key;
}

function read(type: KeyType, base64: string): PublicKey | string {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return "key is not base64";
  const bytes = Buffer.from(base64, "base64");
  return type === "rsa" ? readRsa(bytes) : readEd25519(bytes);
}

function readRsa(bytes: Buffer): PublicKey | string {
  const key = imported(bytes, "spki") ?? imported(bytes, "pkcs1");
  if (key === null || key.asymmetricKeyType !== "rsa") return "key cannot be read";
  const { modulusLength: bits = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (bits > largestKey) return `key has more than ${largestKey} bits`;
  if (publicExponent < 3n || publicExponent > largestExponent) return "key has an exponent that nobody uses";
  return { key, type: "rsa", bits };
}

/** What stands before the 32 bytes of the key in a SubjectPublicKeyInfo (RFC 8410, 4). */
const ed25519Head = Buffer.from("302a300506032b6570032100", "hex");

function readEd25519(bytes: Buffer): PublicKey | string {
  const key = bytes.length === 32 ? imported(Buffer.concat([ed25519Head, bytes]), "spki") : null;
  return key === null ? "key cannot be read" : { key, type: "ed25519", bits: 256 };
}

function imported(bytes: Buffer, type: "spki" | "pkcs1"): KeyObject | null {
  try {
    return createPublicKey({ key: bytes, format: "der", type });
  } catch {
    return null; // it comes from the DNS of a stranger
  }
}
