// The records of a dense counter table in LMDB: what is known of it, its chunks of counters, and its latest changes.

import type { TableChange, TableShape } from "./store.ts";

export const part = { meta: 0, chunk: 1, change: 2 } as const;

/** A change of more counters is logged as "read it again". */
const loggedCells = 16_384;

/** What is kept of a table beside its counters. */
export interface Meta extends TableShape {
  /** Number of the latest change, 0 before the first. */
  readonly change: number;
  /** Number of the latest change that forgot which keys had counted. */
  readonly forgot: number;
  /** Number of the latest change that is in the chunks as a whole; of those after it some stripes are. */
  readonly folded: number;
}

/** The length of the name stands before it, so that no table's records lie among another's. */
export function recordKey(id: Buffer, kind: number, number: number): Buffer {
  const key = Buffer.allocUnsafe(3 + id.length + 8);
  key.writeUInt16BE(id.length, 0);
  key.set(id, 2);
  key[2 + id.length] = kind;
  key.writeBigInt64BE(BigInt(number), 3 + id.length);
  return key;
}

export function newMeta({ cells, bits }: TableShape): Meta {
  return { cells, bits, change: 0, forgot: 0, folded: 0 };
}

export function readMeta(content: Buffer | undefined): Meta | undefined {
  if (content === undefined) return undefined;
  return {
    cells: content.readUInt32LE(0),
    bits: content[4] as TableShape["bits"],
    change: content.readDoubleLE(8),
    forgot: content.readDoubleLE(16),
    folded: content.readDoubleLE(24),
  };
}

export function metaContent({ cells, bits, change, forgot, folded }: Meta): Buffer {
  const content = Buffer.alloc(32);
  content.writeUInt32LE(cells, 0);
  content[4] = bits;
  content.writeDoubleLE(change, 8);
  content.writeDoubleLE(forgot, 16);
  content.writeDoubleLE(folded, 24);
  return content;
}

export function changeContent(cells: Uint32Array, values: Uint32Array): Buffer {
  if (cells.length > loggedCells) return Buffer.alloc(0);
  return Buffer.concat(
    [cells, values].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}

export function readChange(log: Buffer): TableChange {
  if (log.length === 0) return "reread";
  const all = new Uint32Array(new Uint8Array(log).buffer);
  return { cells: all.slice(0, all.length / 2), values: all.slice(all.length / 2) };
}
