// Keys, counters and buckets in LMDB. A record is its kind (1 byte), when it expires (ms since 1970, 8 bytes), and content.

import { Fault } from "../fault.ts";
import { checkBucket, checkKey, checkPut, checkTtl, checkWhole } from "./limits.ts";
import type { Bucket, Poured, Store } from "./store.ts";
import type { Bytes, Writer } from "./writer.ts";

export const kinds = { value: 1, bucket: 2, list: 3 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];
const names = { [kinds.value]: "value", [kinds.bucket]: "bucket", [kinds.list]: "list" };
const head = 9;

export interface Entry {
  readonly expires: number;
  readonly content: Buffer;
}

/** The unexpired record under a key, if there is one. Throws `failed` when it is of another kind. */
export function readEntry(entries: Bytes, key: Buffer, kind: Kind, now: number): Entry | undefined {
  const record = entries.get(key);
  if (record === undefined || hasExpired(record, now)) return undefined;
  if (record[0] !== kind) {
    throw new Fault("failed", `"${key.toString()}" does not hold a ${names[kind]}`);
  }
  return { expires: record.readDoubleLE(1), content: record.subarray(head) };
}

export function writeEntry(entries: Bytes, key: Buffer, kind: Kind, expires: number, content: Uint8Array): void {
  const record = Buffer.allocUnsafe(head + content.length);
  record[0] = kind;
  record.writeDoubleLE(expires, 1);
  record.set(content, head);
  entries.putSync(key, record);
}

/** True too for what is no record: nobody else will clear it away. */
export function hasExpired(record: Buffer, now: number): boolean {
  return record.length < head || record.readDoubleLE(1) <= now;
}

type EntryOperations = Pick<Store, "get" | "getBytes" | "set" | "add" | "delete" | "expire" | "increment" | "pour">;

export function entryOperations(entries: Bytes, writer: Writer, now: () => number): EntryOperations {
  const present = (key: Buffer): Buffer | undefined => {
    const record = entries.get(key);
    return record === undefined || hasExpired(record, now()) ? undefined : record;
  };

  /** LMDB keeps its view of the file for a ms or so: whoever was told of a change by another must see it. */
  const latest = (key: string): Entry | undefined => {
    const id = checkKey(key);
    entries.resetReadTxn();
    return readEntry(entries, id, kinds.value, now());
  };

  return {
    async get(key) {
      return latest(key)?.content.toString("utf8");
    },
    async getBytes(key) {
      const entry = latest(key);
      return entry === undefined ? undefined : new Uint8Array(entry.content);
    },
    async set(key, value, ttl) {
      const id = checkKey(key);
      const content = checkPut(value, ttl);
      await writer.run(() => writeEntry(entries, id, kinds.value, now() + ttl, content));
    },
    async add(key, value, ttl) {
      const id = checkKey(key);
      const content = checkPut(value, ttl);
      // Most that is added is there already; that needs no turn at writing.
      if (present(id) !== undefined) return false;
      return writer.run(() => {
        if (present(id) !== undefined) return false;
        writeEntry(entries, id, kinds.value, now() + ttl, content);
        return true;
      });
    },
    async delete(key) {
      const id = checkKey(key);
      return writer.run(() => {
        const was = present(id) !== undefined;
        entries.removeSync(id);
        return was;
      });
    },
    async expire(key, ttl) {
      const id = checkKey(key);
      checkTtl(ttl);
      return writer.run(() => {
        const record = present(id);
        if (record === undefined) return false;
        writeEntry(entries, id, record[0] as Kind, now() + ttl, record.subarray(head));
        return true;
      });
    },
    async increment(key, by, ttl) {
      const id = checkKey(key);
      checkTtl(ttl);
      checkWhole(by, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "what is added");
      return writer.run(() => {
        const entry = readEntry(entries, id, kinds.value, now());
        const before = entry === undefined ? 0 : readCounter(entry.content);
        const sum = before + by;
        checkWhole(sum, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "a counter");
        writeEntry(entries, id, kinds.value, entry?.expires ?? now() + ttl, Buffer.from(String(sum)));
        return sum;
      });
    },
    async pour(key, bucket) {
      const id = checkKey(key);
      checkBucket(bucket);
      return writer.run(() => pour(entries, id, bucket, bucket.now ?? now()));
    },
  };
}

function pour(entries: Bytes, key: Buffer, { capacity, leak, cost }: Bucket, now: number): Poured {
  const entry = readEntry(entries, key, kinds.bucket, now);
  const filled = entry === undefined ? 0 : entry.content.readDoubleLE(0);
  const since = entry === undefined ? now : entry.content.readDoubleLE(8);
  // Clocks of two processes may differ: a bucket never fills by going back in time.
  const leaked = (Math.max(0, now - since) / 1000) * leak;
  const level = Math.max(0, filled - leaked);
  const after = Math.max(0, level + cost);
  if (cost > 0 && after > capacity) return { allowed: false, level };
  if (cost !== 0) {
    const content = Buffer.allocUnsafe(16);
    content.writeDoubleLE(after, 0);
    content.writeDoubleLE(Math.max(now, since), 8);
    // An empty bucket is no bucket.
    writeEntry(entries, key, kinds.bucket, Math.max(now, since) + (after / leak) * 1000 + 1, content);
  }
  return { allowed: true, level: after };
}

function readCounter(content: Buffer): number {
  const text = content.toString("latin1");
  const number = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(number))
    throw new Fault("failed", "it does not hold a counter");
  return number;
}
