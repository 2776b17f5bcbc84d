// Private keys as operators keep them: PEM, or base64 of what would stand in it, or of the bytes of an Ed25519 key.

import { createPrivateKey, type KeyObject } from "node:crypto";
import { Fault } from "../../../shared/fault.ts";
import { algorithmOf } from "../dkim/private-key.ts";

/** What stands before the 32 bytes of a key in PKCS #8 (RFC 8410, 7). */
const ed25519Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** Faults with `bad-input` when it is no key, or none that signs mail. Its message holds nothing of the key. */
export function parsePrivateKey(text: string): KeyObject {
  const key = text.includes("-----BEGIN") ? fromPem(text) : fromBase64(text.replace(/\s+/g, ""));
  algorithmOf(key);
  return key;
}

function fromPem(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    if (/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) throw new Fault("bad-input", "it holds a public key");
    if (/ENCRYPTED/.test(pem))
      throw new Fault("bad-input", "the key has a pass phrase, and nobody is there to type it");
    throw new Fault("bad-input", "it holds no private key that can be read", cause);
  }
}

function fromBase64(base64: string): KeyObject {
  if (base64 === "") throw new Fault("bad-input", "it is empty");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Fault("bad-input", "it is neither PEM nor base64");
  const bytes = Buffer.from(base64, "base64");
  // libsodium keeps the public key behind the private one.
  if (bytes.length === 32 || bytes.length === 64) {
    return createPrivateKey({ key: Buffer.concat([ed25519Head, bytes.subarray(0, 32)]), format: "der", type: "pkcs8" });
  }
  for (const type of ["pkcs8", "pkcs1"] as const) {
    try {
      return createPrivateKey({ key: bytes, format: "der", type });
    } catch {
      // It may be of the other form.
    }
  }
  throw new Fault("bad-input", "it holds no private key that can be read");
}
