// The counters of a dense table in LMDB: chunks of bytes, and none where all of a chunk's counters are zero.

import type { Counters, TableShape } from "./store.ts";
import type { Bytes } from "./writer.ts";

/** Bytes of a chunk: with the 24 of its head it fills one page of LMDB, which is written when one of its counters changes. */
const chunkBytes = 4072;

/** Key of the chunk of that number. */
export type ChunkKey = (number: number) => Buffer;

export function readCounters(chunks: Bytes, key: ChunkKey, { cells, bits }: TableShape): Counters {
  const bytes = new Uint8Array(Math.ceil((cells * bits) / 8));
  for (const { key: found, value } of chunks.getRange(rangeOf(key))) {
    const at = numberOf(found) * chunkBytes;
    // The last chunk is whole, the table may end within it.
    if (at < bytes.length) bytes.set(value.subarray(0, bytes.length - at), at);
  }
  return countersOf(bytes, bits);
}

/**
 * Reads single counters, within one turn of the event loop. Those of one chunk are read together when they are asked for
 * one after the other.
 */
export function cellReader(chunks: Bytes, key: ChunkKey, bits: TableShape["bits"]): (cell: number) => number {
  const width = bits / 8;
  const perChunk = chunkBytes / width;
  let number = -1;
  let chunk: Buffer | undefined;
  return (cell) => {
    const wanted = Math.floor(cell / perChunk);
    if (wanted !== number) {
      number = wanted;
      // Valid until the next read of this database: no copy is made of a page for the few counters that are needed.
      chunk = chunks.getBinaryFast(key(number));
    }
    return chunk?.readUIntLE((cell % perChunk) * width, width) ?? 0;
  };
}

/** Counters of a stripe when there are so many stripes: whole chunks, so that each is written once. */
export function stripeCells({ cells, bits }: TableShape, stripes: number): number {
  const perChunk = (chunkBytes * 8) / bits;
  return Math.ceil(Math.ceil(cells / perChunk) / stripes) * perChunk;
}

/** Sets counters within a write transaction. */
export function setCounters(
  chunks: Bytes,
  key: ChunkKey,
  bits: TableShape["bits"],
  values: ReadonlyMap<number, number>,
): void {
  const perChunk = (chunkBytes * 8) / bits;
  const touched = new Map<number, Counters>();
  for (const [cell, value] of values) {
    const number = Math.floor(cell / perChunk);
    let counters = touched.get(number);
    if (counters === undefined) {
      counters = countersOf(copyOf(chunks.get(key(number))), bits);
      touched.set(number, counters);
    }
    counters[cell % perChunk] = value;
  }
  for (const [number, { buffer }] of touched) chunks.putSync(key(number), Buffer.from(buffer));
}

/** Replaces all counters within a write transaction; without `counters` by zeros. */
export function replaceCounters(chunks: Bytes, key: ChunkKey, counters?: Counters): void {
  for (const number of numbersOf(chunks, key)) chunks.removeSync(key(number));
  if (counters === undefined) return;
  const bytes = new Uint8Array(counters.buffer, counters.byteOffset, counters.byteLength);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    if (chunk.some((byte) => byte !== 0)) chunks.putSync(key(at / chunkBytes), Buffer.from(copyOf(chunk).buffer));
  }
}

/** Halves all counters within a write transaction. */
export function halveCounters(chunks: Bytes, key: ChunkKey, bits: TableShape["bits"]): void {
  for (const number of numbersOf(chunks, key)) {
    const bytes = copyOf(chunks.get(key(number)));
    const counters = countersOf(bytes, bits);
    for (const [i, value] of counters.entries()) counters[i] = value >>> 1;
    chunks.putSync(key(number), Buffer.from(bytes.buffer));
  }
}

/** All numbers at once: nothing must change under a cursor of LMDB. */
function numbersOf(chunks: Bytes, key: ChunkKey): number[] {
  return [...chunks.getKeys(rangeOf(key))].map(numberOf);
}

function rangeOf(key: ChunkKey) {
  return { start: key(0), end: key(Number.MAX_SAFE_INTEGER) };
}

function numberOf(found: Buffer): number {
  return Number(found.readBigInt64BE(found.length - 8));
}

/** A whole chunk in memory of its own, filled up with zeros. */
function copyOf(chunk: Uint8Array | undefined): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunkBytes);
  if (chunk !== undefined) bytes.set(chunk.subarray(0, chunkBytes));
  return bytes;
}

/** Counters over bytes as they lie in the file: little-endian, which every machine that Node runs on here is. */
function countersOf({ buffer }: Uint8Array<ArrayBuffer>, bits: TableShape["bits"]): Counters {
  if (bits === 8) return new Uint8Array(buffer);
  return bits === 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}
