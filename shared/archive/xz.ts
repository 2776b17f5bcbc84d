// Xz (its file format 1.2) and the older .lzma: one file, packed.

import { nothingUnpacked, type Unpacked } from "./archive.ts";
import { le32, le64, standsAt } from "./bytes.ts";
import type { Budget } from "./limits.ts";
import { decodeLzma2, decodeLzmaAlone } from "./lzma.ts";

/** Blocks that are read. */
const maxBlocks = 100;
const streamHead = 12;
const lzma2Filter = 0x21;
/** Bytes of a check by its kind (2.1.1.2). */
const checkSizes = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export function isXz(bytes: Uint8Array): boolean {
  return standsAt(bytes, 0, "\xfd7zXZ\0");
}

/** Properties that programs write, and a dictionary of a size that exists: there is no mark. */
export function isLzmaAlone(bytes: Uint8Array): boolean {
  return bytes.length > 13 && bytes[0] === 0x5d && standsAt(bytes, 1, "\0\0") && (bytes[12] === 0 || bytes[12] === 255);
}

interface Chunks {
  /** Bytes that the chunks say they become. */
  readonly size: number;
  readonly end: number;
}

/** Walks through the heads of the chunks of LZMA2 from `start` on. */
function chunksFrom(bytes: Uint8Array, start: number): Chunks {
  let at = start;
  let size = 0;
  while (at < bytes.length) {
    const control = bytes[at] ?? 0;
    if (control === 0) return { size, end: at + 1 };
    const low = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    if (control < 0x80) {
      size += low + 1;
      at += 4 + low;
      continue;
    }
    size += ((control & 0x1f) << 16) + low + 1;
    at += (control >= 0xc0 ? 6 : 5) + (((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0)) + 1;
  }
  return { size, end: bytes.length };
}

/** A number of 7 bits a byte (1.2): where it ends. */
function behindNumber(bytes: Uint8Array, at: number): number {
  let end = at;
  while (((bytes[end] ?? 0) & 0x80) !== 0 && end < at + 9) end++;
  return end + 1;
}

/** Whether LZMA2 is the last filter of a block (3.1.5). What is done before it only changes addresses in programs. */
function isLzma2(bytes: Uint8Array, at: number): boolean {
  const flags = bytes[at + 1] ?? 0;
  let place = at + 2;
  if ((flags & 0x40) !== 0) place = behindNumber(bytes, place);
  if ((flags & 0x80) !== 0) place = behindNumber(bytes, place);
  for (let i = 0; i < (flags & 3); i++) {
    place = behindNumber(bytes, place);
    place = behindNumber(bytes, place) + (bytes[place] ?? 0);
  }
  return bytes[place] === lzma2Filter;
}

/** Unpacks at most `most` bytes. */
export function unpackXz(bytes: Buffer, most: number, budget: Budget): Unpacked {
  const check = checkSizes[(bytes[7] ?? 0) & 15] ?? 0;
  const pieces: Buffer[] = [];
  let length = 0;
  let at = streamHead;
  for (let i = 0; i < maxBlocks && length < most; i++) {
    const head = bytes[at] ?? 0;
    // The index stands behind the blocks and begins with 0.
    if (head === 0) return { bytes: Buffer.concat(pieces), whole: at < bytes.length, work: length };
    if (!isLzma2(bytes, at)) break;
    const start = at + (head + 1) * 4;
    const { size, end } = chunksFrom(bytes, start);
    const piece = decodeLzma2(bytes.subarray(start, end), Math.min(size, most - length), budget).bytes;
    pieces.push(piece);
    length += piece.length;
    if (piece.length < size) break;
    at = start + Math.ceil((end - start) / 4) * 4 + check;
  }
  return { bytes: Buffer.concat(pieces), whole: false, work: length };
}

/** Unpacks at most `most` bytes. */
export function unpackLzmaAlone(bytes: Buffer, most: number, budget: Budget): Unpacked {
  const unknown = le32(bytes, 5) === 0xffffffff;
  const size = unknown ? most : Math.min(most, le64(bytes, 5));
  if (bytes.length < 14) return nothingUnpacked;
  const before = budget.lzmaBytes;
  const unpacked = decodeLzmaAlone(bytes.subarray(0, 5), bytes.subarray(13), size, budget);
  // Of a size that nobody knew, what was not needed goes back.
  if (unknown) budget.lzmaBytes = before - unpacked.bytes.length;
  return unknown ? { ...unpacked, whole: unpacked.bytes.length < size } : unpacked;
}
