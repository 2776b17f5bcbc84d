// New keys, and the record that makes them known (RFC 6376, 3.6.1; RFC 8463, 4.2).

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ensureFolder } from "../../../shared/ensure-folder.ts";
import { Fault } from "../../../shared/fault.ts";
import { keyTypeOf, publishedForm } from "./published.ts";

export const keyTypes = ["rsa", "ed25519"] as const;
export type KeyType = (typeof keyTypes)[number];

/** RFC 8301, 3.2. Beyond, verifiers need not look. */
export const smallestKey = 1_024;
export const largestKey = 4_096;

/** @param bits of an RSA key */
export function makeKey(type: KeyType, bits: number): KeyObject {
  if (type === "ed25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
}

/** Makes the file and the folder that it lies in. Only its owner can read it. Faults with `bad-input` when it is there. */
export function saveKey(file: string, key: KeyObject): void {
  ensureFolder(dirname(file), 0o750);
  let descriptor: number;
  try {
    // wx: a key that is in use must not be lost, not even in a race.
    descriptor = openSync(file, "wx", 0o600);
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
    throw new Fault("bad-input", `${file} is there already: choose another selector, or remove it yourself`);
  }
  try {
    writeSync(descriptor, key.export({ type: "pkcs8", format: "pem" }).toString());
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Content of the TXT record of a private key. */
export function recordOf(key: KeyObject): string {
  return `v=DKIM1; k=${keyTypeOf(key)}; p=${publishedForm(key)}`;
}

/** Characters of one string of a TXT record (RFC 1035, 3.3). */
const longestString = 255;

/** The record as a zone file has it, with a dot behind the name, divided into strings that verifiers put together again. */
export function zoneLines(name: string, text: string): string {
  const strings: string[] = [];
  for (let at = 0; at < text.length; at += longestString) strings.push(`"${text.slice(at, at + longestString)}"`);
  if (strings.length === 1) return `${name}. IN TXT ${strings[0]}`;
  return `${name}. IN TXT (\n  ${strings.join("\n  ")}\n)`;
}
