// What every driver of the store refuses, and how it says so.

import { Fault } from "../fault.ts";
import type { Bucket, Counters, TableShape } from "./store.ts";

/** Bytes of a key. What is longer is hashed by whoever makes the key. */
export const keyLimit = 512;
/** Bytes of a value and of a list's item. */
export const valueLimit = 1024 * 1024;
/** Values of a list. */
export const listLimit = 10_000;
export const blobLimit = 64 * 1024 * 1024;
/** Counters of a table; and counters that one `add` changes: a server does nothing else meanwhile. */
export const tableLimit = 64 * 1024 * 1024;
const deltaLimit = 100_000;
/** ms that a table remembers a key with which something was added once: longer than any job is tried again. 30 days. */
export const onceTtl = 30 * 86_400_000;

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

/** Bytes of a value that is to be kept for `ttl` ms. */
export function checkPut(value: string | Uint8Array, ttl: number): Buffer {
  checkTtl(ttl);
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : viewOf(value);
  checkSize(bytes.length);
  return bytes;
}

/** The same bytes as Node's own kind. */
export function viewOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

export function checkBucket({ capacity, leak, cost, now = 0 }: Bucket): void {
  if (!(capacity >= 0 && leak > 0 && Number.isFinite(cost) && Number.isFinite(now))) {
    throw new Fault("failed", `no bucket: capacity ${capacity}, leak ${leak}, cost ${cost}, now ${now}`);
  }
}

/** Throws unless both are of one length, and every counter is one of the table. */
export function checkDeltas({ cells: count }: TableShape, cells: Uint32Array, by: Int32Array): void {
  if (cells.length !== by.length) throw new Fault("failed", `${cells.length} counters but ${by.length} numbers to add`);
  if (cells.length > deltaLimit) throw new Fault("too-large", `${cells.length} counters, the limit is ${deltaLimit}`);
  for (const cell of cells) if (cell >= count) throw new Fault("failed", `no counter ${cell} in a table of ${count}`);
}

/** Throws unless the counters are as many, and as wide, as those of the table. */
export function checkCounters({ cells, bits }: TableShape, counters: Counters): void {
  const width = counters.BYTES_PER_ELEMENT * 8;
  if (counters.length !== cells || width !== bits) {
    throw new Fault("failed", `${counters.length} counters of ${width} bits for a table of ${cells} of ${bits}`);
  }
}
