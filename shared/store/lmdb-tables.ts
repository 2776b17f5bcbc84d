// Dense counter tables in LMDB: their counters, and a log of the latest changes for those who follow.

import { createHash } from "node:crypto";
import { Fault } from "../fault.ts";
import { checkCounters, checkDeltas, checkKey, checkWhole, onceTtl, tableLimit } from "./limits.ts";
import { cellReader, halveCounters, readCounters, replaceCounters, setCounters } from "./lmdb-counters.ts";
import { kinds, readEntry, writeEntry } from "./lmdb-entries.ts";
import { mostChanges, Pending } from "./lmdb-pending.ts";
import type { Table, TableChange, TableShape } from "./store.ts";
import type { Bytes, Writer } from "./writer.ts";

/** Changes that the log keeps: far more than come between two looks at it, and all that are in no chunk yet. */
const logLength = 4 * mostChanges;
/** A change of more counters is logged as "read it again". */
const loggedCells = 16_384;
/** ms between two looks for changes of other processes. */
const pollInterval = 250;

const part = { meta: 0, chunk: 1, change: 2 } as const;

interface Followed {
  seen: number;
  readonly listeners: Set<(change: TableChange) => void>;
}

export interface Tables {
  table(name: string, shape: TableShape): Promise<Table>;
  close(): void;
}

/** What is kept of a table beside its counters. */
interface Meta extends TableShape {
  /** Number of the latest change, 0 before the first. */
  readonly change: number;
  /** Number of the latest change that forgot which keys had counted. */
  readonly forgot: number;
  /** Number of the latest change that is in the chunks; those after it are in the log only. */
  readonly folded: number;
}

/** `once` is where the keys lie that have counted: entries that expire. */
export function openTables(chunks: Bytes, once: Bytes, writer: Writer, now: () => number): Tables {
  const followed = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;

  const metaOf = (id: Buffer) => readMeta(chunks.get(recordKey(id, part.meta, 0)));

  /** Tells followers what they have not been told yet. */
  function poll(): void {
    for (const [name, following] of followed) {
      const id = checkKey(name);
      const latest = metaOf(id)?.change ?? 0;
      while (following.seen < latest) {
        const log = chunks.get(recordKey(id, part.change, following.seen + 1));
        const change = log === undefined ? "reread" : readChange(log);
        following.seen = log === undefined ? latest : following.seen + 1;
        for (const listener of following.listeners) listener(change);
      }
    }
  }

  function follow(name: string, listener: (change: TableChange) => void): () => void {
    let following = followed.get(name);
    if (following === undefined) {
      following = { seen: metaOf(checkKey(name))?.change ?? 0, listeners: new Set() };
      followed.set(name, following);
    }
    following.listeners.add(listener);
    timer ??= setInterval(poll, pollInterval).unref();
    return () => {
      following.listeners.delete(listener);
      if (following.listeners.size === 0) followed.delete(name);
    };
  }

  function tableOf(name: string, id: Buffer, shape: TableShape): Table {
    const chunkKeys = new Map<number, Buffer>();
    /** Made once: a lesson looks into most of the chunks. */
    const chunkKey = (number: number) => {
      let key = chunkKeys.get(number);
      if (key === undefined) {
        key = recordKey(id, part.chunk, number);
        chunkKeys.set(number, key);
      }
      return key;
    };
    const read = () => metaOf(id) ?? { ...shape, change: 0, forgot: 0, folded: 0 };
    let known: Pending | undefined;

    /** What is in no chunk yet, up to the latest change. Within a transaction, or one view of the file. */
    function pendingNow({ change, folded }: Meta): Pending {
      let pending = known;
      if (pending === undefined || pending.folded !== folded || pending.upto > change) pending = new Pending(folded);
      while (pending.upto < change) {
        const log = readChange(chunks.get(recordKey(id, part.change, pending.upto + 1)) ?? Buffer.alloc(0));
        if (log === "reread") throw new Fault("failed", `the log of table "${name}" has a gap`);
        pending.take(log.cells, log.values);
      }
      known = pending;
      return pending;
    }

    /** Logs a change and counts it; all within its transaction. */
    function logChange(meta: Meta, content: Buffer, { forgets = false, folds = false } = {}): void {
      const change = meta.change + 1;
      chunks.putSync(recordKey(id, part.change, change), content);
      chunks.removeSync(recordKey(id, part.change, change - logLength));
      const forgot = forgets ? change : meta.forgot;
      const folded = folds ? change : meta.folded;
      chunks.putSync(recordKey(id, part.meta, 0), metaContent({ ...shape, change, forgot, folded }));
    }

    /** Adds within a transaction. */
    function add(cells: Uint32Array, by: Int32Array): void {
      const meta = read();
      const pending = pendingNow(meta);
      const values = pending.add(shape, cells, by, cellReader(chunks, chunkKey, shape.bits));
      const content = changeContent(cells, values);
      const folds = pending.isFull || content.length === 0;
      if (folds) setCounters(chunks, chunkKey, shape.bits, pending.values);
      logChange(meta, content, { folds });
    }

    /** A change of everything, which followers read again. */
    async function changeAll(action: () => void, forgets: boolean): Promise<void> {
      await writer.run(() => {
        const meta = read();
        setCounters(chunks, chunkKey, shape.bits, pendingNow(meta).values);
        action();
        logChange(meta, Buffer.alloc(0), { forgets, folds: true });
      });
      poll();
    }

    /** Whether the key has counted already; from now on it has. Within the transaction of what counts. */
    function hasCounted(key: Buffer): boolean {
      const { change, forgot } = read();
      const counted = readEntry(once, key, kinds.value, now());
      if (counted !== undefined && counted.content.readDoubleLE(0) > forgot) return true;
      writeEntry(once, key, kinds.value, now() + onceTtl, double(change + 1));
      return false;
    }

    return {
      async read() {
        // LMDB keeps its view of the file for a ms or so: whoever was told of a change must see it.
        chunks.resetReadTxn();
        const counters = readCounters(chunks, chunkKey, shape);
        pendingNow(read()).putOver(counters);
        return counters;
      },
      async add(cells, by, onceKey) {
        checkDeltas(shape, cells, by);
        const key = onceKey === undefined ? undefined : countedKey(id, checkKey(onceKey));
        const counted = await writer
          .run(() => {
            if (key !== undefined && hasCounted(key)) return false;
            if (cells.length > 0) add(cells, by);
            return true;
          })
          .catch((thrown) => {
            // Nothing of the commit was written, but here it is known.
            known = undefined;
            throw thrown;
          });
        poll();
        return counted;
      },
      reset: () => changeAll(() => replaceCounters(chunks, chunkKey), true),
      halve: () => changeAll(() => halveCounters(chunks, chunkKey, shape.bits), false),
      async write(counters) {
        checkCounters(shape, counters);
        await changeAll(() => replaceCounters(chunks, chunkKey, counters), true);
      },
      async follow(listener) {
        return follow(name, listener);
      },
    };
  }

  return {
    async table(name, shape) {
      const id = checkKey(name);
      checkWhole(shape.cells, 1, tableLimit, "the counters of a table");
      await writer.run(() => {
        const meta = metaOf(id);
        if (meta === undefined) {
          chunks.putSync(recordKey(id, part.meta, 0), metaContent({ ...shape, change: 0, forgot: 0, folded: 0 }));
        } else if (meta.cells !== shape.cells || meta.bits !== shape.bits) {
          const has = `${meta.cells} counters of ${meta.bits} bits`;
          throw new Fault("bad-config", `table "${name}" has ${has}, not ${shape.cells} of ${shape.bits}`);
        }
      });
      return tableOf(name, id, shape);
    },
    close() {
      clearInterval(timer);
      followed.clear();
    },
  };
}

/** The length of the name stands before it, so that no table's records lie among another's. */
function recordKey(id: Buffer, kind: number, number: number): Buffer {
  const key = Buffer.allocUnsafe(3 + id.length + 8);
  key.writeUInt16BE(id.length, 0);
  key.set(id, 2);
  key[2 + id.length] = kind;
  key.writeBigInt64BE(BigInt(number), 3 + id.length);
  return key;
}

/** There are many of them for a month: a hash is shorter than what they are made of. */
function countedKey(id: Buffer, key: Buffer): Buffer {
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(id.length);
  return createHash("sha256").update(length).update(id).update(key).digest().subarray(0, 16);
}

function readMeta(content: Buffer | undefined): Meta | undefined {
  if (content === undefined) return undefined;
  return {
    cells: content.readUInt32LE(0),
    bits: content[4] as TableShape["bits"],
    change: content.readDoubleLE(8),
    forgot: content.readDoubleLE(16),
    folded: content.readDoubleLE(24),
  };
}

function metaContent({ cells, bits, change, forgot, folded }: Meta): Buffer {
  const content = Buffer.alloc(32);
  content.writeUInt32LE(cells, 0);
  content[4] = bits;
  content.writeDoubleLE(change, 8);
  content.writeDoubleLE(forgot, 16);
  content.writeDoubleLE(folded, 24);
  return content;
}

function double(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(number);
  return bytes;
}

function changeContent(cells: Uint32Array, values: Uint32Array): Buffer {
  if (cells.length > loggedCells) return Buffer.alloc(0);
  return Buffer.concat(
    [cells, values].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}

function readChange(log: Buffer): TableChange {
  if (log.length === 0) return "reread";
  const all = new Uint32Array(new Uint8Array(log).buffer);
  return { cells: all.slice(0, all.length / 2), values: all.slice(all.length / 2) };
}
