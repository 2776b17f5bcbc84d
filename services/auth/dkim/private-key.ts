// Signing with a private key, RSA or Ed25519.

import { hash, type KeyObject, sign } from "node:crypto";
import { Fault } from "../../../shared/fault.ts";

/** RFC 8301, 3.2: who signs takes at least so many bits, and 2,048 if it can. */
const smallestKey = 1_024;
const largestKey = 4_096;

/** The a= of a key. Faults with `bad-input` on one that cannot sign mail. */
export function algorithmOf(key: KeyObject): "rsa-sha256" | "ed25519-sha256" {
  if (key.type !== "private") throw new Fault("bad-input", "the key is not a private one");
  if (key.asymmetricKeyType === "ed25519") return "ed25519-sha256";
  if (key.asymmetricKeyType !== "rsa") throw new Fault("bad-input", "the key is neither RSA nor Ed25519");
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < smallestKey || bits > largestKey) {
    throw new Fault("bad-input", `the key has ${bits} bits, not ${smallestKey} to ${largestKey}`);
  }
  return "rsa-sha256";
}

/** The signature of a text (one char a byte) in base64. */
export function signText(key: KeyObject, text: string): string {
  const bytes = Buffer.from(text, "latin1");
  // RFC 8463, 3: Ed25519 signs the hash, not the text.
  const signature =
    key.asymmetricKeyType === "ed25519" ? sign(null, hash("sha256", bytes, "buffer"), key) : sign("sha256", bytes, key);
  return signature.toString("base64");
}
