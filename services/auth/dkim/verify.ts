// Whether a signature holds: its key, what it says of the body, and the signature proper (RFC 6376, 6.1.2 and 6.1.3).

import { hash, verify } from "node:crypto";
import type { Header } from "../../../shared/task.ts";
import type { DkimResult } from "./finding.ts";
import { headerForm } from "./header-form.ts";
import { type KeyRecord, type KeyTexts, parseKeyRecord } from "./key-record.ts";
import type { SignedMessage } from "./message.ts";
import { type PublicKey, publicKey } from "./public-key.ts";
import type { Seal, Signature } from "./signature.ts";

export interface Outcome {
  readonly result: DkimResult;
  /** Why it did not pass; "". */
  readonly reason: string;
  /** Bits of the key; 0 when none was read. */
  readonly bits: number;
  /** t=y */
  readonly testing: boolean;
}

/** What is to be checked with a key. */
export interface Claimed {
  readonly seal: Seal;
  /** Domain of i=. */
  readonly identityDomain: string;
  /** What is wrong with the body; "" when nothing is. */
  body(): string;
  /** The bytes that were signed. */
  signed(): Buffer;
}

/** RFC 8301, 3.2 */
const smallestKey = 1_024;
/** Records of one selector. There should be one (RFC 6376, 3.6.2.2); while keys are changed there may be two. */
const mostRecords = 3;

/** Checks a signature over header fields and body with what the DNS has for its selector. */
export function verifySignature(
  message: SignedMessage,
  field: Header,
  signature: Signature,
  keys: KeyTexts,
  cacheSize: number,
): Outcome {
  const claimed: Claimed = {
    seal: signature,
    identityDomain: signature.identityDomain,
    body() {
      const { digest, size } = message.bodyHash(signature.bodyForm, signature.length);
      if (size < signature.length && signature.length !== Number.POSITIVE_INFINITY) return "body is shorter than l=";
      return isSame(digest, signature.bodyHash) ? "" : "body hash does not match";
    },
    signed() {
      const fields = message.selection(signature.names, signature.headerForm, field);
      // RFC 6376, 3.7: the field itself comes last, without what b= has and without its line end.
      return Buffer.from(fields + headerForm(field, signature.headerForm, signature.unsigned), "latin1");
    },
  };
  const outcome = verifyClaim(claimed, keys, cacheSize);
  if (outcome.result !== "pass" || message.whole) return outcome;
  return { ...outcome, result: "policy", reason: "more header fields than are looked at" };
}

export function verifyClaim(claimed: Claimed, keys: KeyTexts, cacheSize: number): Outcome {
  if (keys.status !== "found") {
    return {
      result: keys.status === "failed" ? "temperror" : "permerror",
      reason: keys.reason,
      bits: 0,
      testing: false,
    };
  }
  let best: Outcome | undefined;
  for (const text of keys.texts.slice(0, mostRecords)) {
    const outcome = verifyWith(text, claimed, cacheSize);
    if (outcome.result === "pass") return outcome;
    if (best === undefined || (best.bits === 0 && outcome.bits > 0)) best = outcome;
  }
  return best ?? permerror("no key");
}

function permerror(reason: string): Outcome {
  return { result: "permerror", reason, bits: 0, testing: false };
}

function verifyWith(text: string, claimed: Claimed, cacheSize: number): Outcome {
  const record = parseKeyRecord(text);
  if (typeof record === "string") return permerror(record);
  const refused = refusal(record, claimed);
  if (refused !== "") return { ...permerror(refused), testing: record.testing };
  const key = publicKey(claimed.seal.keyType, record.key, cacheSize);
  if (typeof key === "string") return { ...permerror(key), testing: record.testing };
  const known = { bits: key.bits, testing: record.testing };
  if (key.type === "rsa" && key.bits < smallestKey) {
    return { result: "policy", reason: `key has less than ${smallestKey} bits`, ...known };
  }
  const wrong = claimed.body() || (holds(claimed, key) ? "" : "signature does not match");
  if (wrong === "") return { result: "pass", reason: "", ...known };
  // RFC 6376, 3.6.1: who only tests is no worse off than who does not sign.
  if (record.testing) return { result: "neutral", reason: `${wrong}, and the key is for testing`, ...known };
  return { result: "fail", reason: wrong, ...known };
}

/** Why a key must not be used for this signature (RFC 6376, 6.1.2); "" when it may. */
function refusal(record: KeyRecord, { seal, identityDomain }: Claimed): string {
  if (!record.allowsMail) return "key is not for mail";
  if (record.type !== seal.keyType) return "key is of another type";
  if (!record.allowsSha256) return "key is not for sha256";
  if (record.key === "") return "key was revoked";
  if (record.strict && identityDomain !== seal.domain) return "key is not for subdomains";
  return "";
}

/** Base64 of the same bytes; who has signed may have left out what fills the last group. */
function isSame(digest: string, written: string): boolean {
  return digest === written || Buffer.from(digest, "base64").equals(Buffer.from(written, "base64"));
}

function holds({ seal, signed }: Claimed, { key, type }: PublicKey): boolean {
  const bytes = signed();
  // RFC 8463, 3: Ed25519 signs the hash, not the text.
  if (type === "ed25519") return verify(null, hash("sha256", bytes, "buffer"), key, seal.signature);
  return verify("sha256", bytes, key, seal.signature);
}
