// Dense counter tables in LMDB: chunks of counters, and a log of the latest changes for those who follow.

import { Fault } from "../fault.ts";
import { checkKey, checkWhole, deltaLimit, tableLimit } from "./limits.ts";
import type { Counters, Table, TableChange, TableShape } from "./store.ts";
import type { Bytes, Writer } from "./writer.ts";

/** Bytes of a chunk: with its head it fills one page of LMDB, which is written when one of its counters changes. */
const chunkBytes = 4080;
/** Changes that the log keeps: far more than come between two looks at it. */
const logLength = 1024;
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

export function openTables(chunks: Bytes, writer: Writer): Tables {
  const followed = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;

  const sequence = (id: Buffer) => chunks.get(recordKey(id, part.meta, 0))?.readDoubleLE(8) ?? 0;

  /** Tells followers what they have not been told yet. */
  function poll(): void {
    for (const [name, following] of followed) {
      const id = checkKey(name);
      const latest = sequence(id);
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
      following = { seen: sequence(checkKey(name)), listeners: new Set() };
      followed.set(name, following);
    }
    following.listeners.add(listener);
    timer ??= setInterval(poll, pollInterval).unref();
    return () => {
      following.listeners.delete(listener);
      if (following.listeners.size === 0) followed.delete(name);
    };
  }

  return {
    async table(name, shape) {
      const id = checkKey(name);
      checkWhole(shape.cells, 1, tableLimit, "the counters of a table");
      await writer.run(() => {
        const meta = chunks.get(recordKey(id, part.meta, 0));
        if (meta === undefined) chunks.putSync(recordKey(id, part.meta, 0), metaContent(shape, 0));
        else if (meta.readUInt32LE(0) !== shape.cells || meta[4] !== shape.bits) {
          const has = `${meta.readUInt32LE(0)} counters of ${meta[4]} bits`;
          throw new Fault("bad-config", `table "${name}" has ${has}, not ${shape.cells} of ${shape.bits}`);
        }
      });
      return {
        async read() {
          return readTable(chunks, id, shape);
        },
        async add(cells, by) {
          checkDeltas(shape, cells, by);
          if (cells.length === 0) return;
          await writer.run(() => addDeltas(chunks, id, shape, cells, by, sequence(id) + 1));
          poll();
        },
        async follow(listener) {
          return follow(name, listener);
        },
      };
    },
    close() {
      clearInterval(timer);
      followed.clear();
    },
  };
}

function readTable(chunks: Bytes, id: Buffer, { cells, bits }: TableShape): Counters {
  const bytes = new Uint8Array(Math.ceil((cells * bits) / 8));
  const end = recordKey(id, part.chunk, Number.MAX_SAFE_INTEGER);
  for (const { key, value } of chunks.getRange({ start: recordKey(id, part.chunk, 0), end })) {
    const at = recordNumber(key) * chunkBytes;
    // The last chunk is whole, the table may end within it.
    if (at < bytes.length) bytes.set(value.subarray(0, bytes.length - at), at);
  }
  return countersOf(bytes, bits);
}

function addDeltas(
  chunks: Bytes,
  id: Buffer,
  shape: TableShape,
  cells: Uint32Array,
  by: Int32Array,
  seq: number,
): void {
  const perChunk = (chunkBytes * 8) / shape.bits;
  const largest = 2 ** shape.bits - 1;
  const touched = new Map<number, Counters>();
  const values = new Uint32Array(cells.length);
  for (const [i, cell] of cells.entries()) {
    const number = Math.floor(cell / perChunk);
    let counters = touched.get(number);
    if (counters === undefined) {
      const bytes = new Uint8Array(chunkBytes);
      const chunk = chunks.get(recordKey(id, part.chunk, number));
      if (chunk !== undefined) bytes.set(chunk.subarray(0, chunkBytes));
      counters = countersOf(bytes, shape.bits);
      touched.set(number, counters);
    }
    const at = cell % perChunk;
    const sum = (counters[at] ?? 0) + (by[i] ?? 0);
    const value = Math.min(largest, Math.max(0, sum));
    counters[at] = value;
    values[i] = value;
  }
  for (const [number, { buffer }] of touched) chunks.putSync(recordKey(id, part.chunk, number), Buffer.from(buffer));
  chunks.putSync(recordKey(id, part.change, seq), changeContent(cells, values));
  chunks.removeSync(recordKey(id, part.change, seq - logLength));
  chunks.putSync(recordKey(id, part.meta, 0), metaContent(shape, seq));
}

function checkDeltas({ cells: count }: TableShape, cells: Uint32Array, by: Int32Array): void {
  if (cells.length !== by.length) throw new Fault("failed", `${cells.length} counters but ${by.length} numbers to add`);
  if (cells.length > deltaLimit) throw new Fault("too-large", `${cells.length} counters, the limit is ${deltaLimit}`);
  for (const cell of cells) if (cell >= count) throw new Fault("failed", `no counter ${cell} in a table of ${count}`);
}

/** Counters over bytes as they lie in the file: little-endian, which every machine that Node runs on here is. */
function countersOf({ buffer }: { buffer: ArrayBuffer }, bits: number): Counters {
  if (bits === 8) return new Uint8Array(buffer);
  return bits === 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);
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

function recordNumber(key: Buffer): number {
  return Number(key.readBigInt64BE(key.length - 8));
}

function metaContent({ cells, bits }: TableShape, seq: number): Buffer {
  const content = Buffer.alloc(16);
  content.writeUInt32LE(cells, 0);
  content[4] = bits;
  content.writeDoubleLE(seq, 8);
  return content;
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
