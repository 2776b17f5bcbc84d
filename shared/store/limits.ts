// What every driver of the store refuses, and how it says so.

import { Fault } from "../fault.ts";

/** Bytes of a key. What is longer is hashed by whoever makes the key. */
export const keyLimit = 512;
/** Bytes of a value and of a list's item. */
export const valueLimit = 1024 * 1024;
/** Values of a list. */
export const listLimit = 10_000;
export const blobLimit = 64 * 1024 * 1024;
/** Counters of a table; and counters that one `add` changes. */
export const tableLimit = 64 * 1024 * 1024;
export const deltaLimit = 1_000_000;

/** Bytes of a key. */
export function checkKey(key: string): Buffer {
  const bytes = Buffer.from(key, "utf8");
  if (bytes.length > keyLimit) throw new Fault("too-large", `a key of ${bytes.length} bytes, the limit is ${keyLimit}`);
  if (bytes.length === 0) throw new Fault("failed", "a key must not be empty");
  return bytes;
}

export function checkSize(size: number, limit = valueLimit): void {
  if (size > limit) throw new Fault("too-large", `a value of ${size} bytes, the limit is ${limit}`);
}

/** Throws unless it is a time to live: more than 0 ms. */
export function checkTtl(ttl: number): void {
  if (!(ttl > 0)) throw new Fault("failed", `${ttl} ms is no time to live`);
}

export function checkWhole(number: number, min: number, max: number, what: string): void {
  if (!Number.isSafeInteger(number) || number < min || number > max) {
    throw new Fault("failed", `${what} must be a whole number from ${min} to ${max}, not ${number}`);
  }
}
