// Capped lists in LMDB: an entry that says which items there are, and each item as a record of its own.

import { checkKey, checkSize, checkTtl, checkWhole, listLimit } from "./limits.ts";
import { kinds, readEntry, writeEntry } from "./lmdb-entries.ts";
import type { Store } from "./store.ts";
import type { Bytes, Writer } from "./writer.ts";

/** Numbers of a list's items: from `first`, the oldest, to before `next`. They only ever grow. */
interface Extent {
  readonly first: number;
  readonly next: number;
}

type ListOperations = Pick<Store, "push" | "range" | "length">;

export function listOperations(entries: Bytes, items: Bytes, writer: Writer, now: () => number): ListOperations {
  function extent(key: Buffer): Extent | undefined {
    const entry = readEntry(entries, key, kinds.list, now());
    return entry === undefined ? undefined : readExtent(entry.content);
  }

  return {
    async push(key, value, length, ttl) {
      const id = checkKey(key);
      checkTtl(ttl);
      checkWhole(length, 1, listLimit, "the length of a list");
      const content = Buffer.from(value, "utf8");
      checkSize(content.length);
      await writer.run(() => {
        // Items of a list that expired or was deleted lie under lower numbers until `dropItems`: numbers go on.
        const { first, next } = extent(id) ?? newExtent(items, id);
        items.putSync(itemKey(id, next), content);
        const keep = Math.max(first, next + 1 - length);
        for (let number = first; number < keep; number++) items.removeSync(itemKey(id, number));
        writeEntry(entries, id, kinds.list, now() + ttl, extentContent({ first: keep, next: next + 1 }));
      });
    },
    async range(key, start, count) {
      const id = checkKey(key);
      const { first, next } = extent(id) ?? { first: 0, next: 0 };
      const values: string[] = [];
      for (let number = next - 1 - start; number >= first && values.length < count; number--) {
        const item = items.get(itemKey(id, number));
        if (item !== undefined) values.push(item.toString("utf8"));
      }
      return values;
    },
    async length(key) {
      const { first, next } = extent(checkKey(key)) ?? { first: 0, next: 0 };
      return next - first;
    },
  };
}

/** Removes items of lists that are gone, looking at so many from `from` on; answers where to go on, if not at the end. */
export function dropItems(items: Bytes, entries: Bytes, from: Buffer | undefined, limit: number): Buffer | undefined {
  const keys = [...items.getKeys(from === undefined ? { limit } : { start: from, limit })];
  for (const key of keys) {
    const { id, number } = readItemKey(key);
    const entry = entries.get(id);
    const alive = entry !== undefined && entry[0] === kinds.list ? readExtent(entry.subarray(9)) : undefined;
    if (alive === undefined || number < alive.first || number >= alive.next) items.removeSync(key);
  }
  return keys.length < limit ? undefined : keys.at(-1);
}

/** After the last item there ever was under this key and still is. */
function newExtent(items: Bytes, id: Buffer): Extent {
  const last = [
    ...items.getKeys({ start: itemKey(id, Number.MAX_SAFE_INTEGER), end: itemKey(id, 0), reverse: true, limit: 1 }),
  ];
  const next = last[0] === undefined ? 1 : readItemKey(last[0]).number + 1;
  return { first: next, next };
}

/** The length of the key stands before it, so that no key of a list is the beginning of another's. */
function itemKey(id: Buffer, number: number): Buffer {
  const key = Buffer.allocUnsafe(2 + id.length + 8);
  key.writeUInt16BE(id.length, 0);
  key.set(id, 2);
  key.writeBigUInt64BE(BigInt(number), 2 + id.length);
  return key;
}

function readItemKey(key: Buffer): { id: Buffer; number: number } {
  const length = key.readUInt16BE(0);
  return { id: key.subarray(2, 2 + length), number: Number(key.readBigUInt64BE(2 + length)) };
}

function readExtent(content: Buffer): Extent {
  return { first: content.readDoubleLE(0), next: content.readDoubleLE(8) };
}

function extentContent({ first, next }: Extent): Buffer {
  const content = Buffer.allocUnsafe(16);
  content.writeDoubleLE(first, 0);
  content.writeDoubleLE(next, 8);
  return content;
}
