// The packed streams of a 7z (7zFormat.txt of the LZMA SDK, "StreamsInfo"): folders, which are chains of coders, and how
// their output divides into files.

import { cannotUnpack, stored, type Unpacked } from "./archive.ts";
import { inflate } from "./inflate.ts";
import type { Budget } from "./limits.ts";
import { decodeLzma2, decodeLzmaAlone } from "./lzma.ts";
import { type Cursor, maxCount } from "./seven-zip-cursor.ts";

interface Coder {
  readonly id: string;
  readonly properties: Buffer;
  size: number;
}

export interface Folder {
  readonly coders: readonly Coder[];
  readonly simple: boolean;
  readonly packedStreams: number;
  readonly mainSize: number;
  /** Of the first packed stream, from behind the signature header. */
  start: number;
  packed: number;
  hasDigest: boolean;
  sizes: number[];
}

const none = 0x00;
const packInfo = 0x06;
const unpackInfo = 0x07;
const subStreamsInfo = 0x08;
const size = 0x09;
const crc = 0x0a;
const folderMark = 0x0b;
const unpackSizes = 0x0c;
const streamCounts = 0x0d;

/** Coders of one folder: 7-zip itself writes at most 4. */
const maxCoders = 32;

const aes = "06f10701";
/** Filters that leave the first bytes of a file as they are, or nearly so: code for x86, ARM, ... */
const filters = new Set(["03030103", "03030501", "03030701", "03030205", "04", "05", "06", "07", "08", "09", "0a"]);
const methods: Readonly<Record<string, string>> = {
  "00": "stored",
  "21": "lzma2",
  "030101": "lzma",
  "040108": "deflate",
  "040202": "bzip2",
  "030401": "ppmd",
  [aes]: "aes",
};

export function isEncryptedFolder({ coders }: Folder): boolean {
  return coders.some(({ id }) => id === aes);
}

/** The coder that is no filter; null when there are several or none. */
function coderOf({ coders, simple }: Folder): Coder | null {
  const real = coders.filter(({ id }) => !filters.has(id));
  return simple && real.length === 1 ? (real[0] ?? null) : null;
}

export function methodOf(folder: Folder): string {
  const names = folder.coders.filter(({ id }) => !filters.has(id)).map(({ id }) => methods[id] ?? id);
  return names.join("+");
}

/** Bytes of all files of a folder, one behind the other. */
export function unpackFolder(bytes: Buffer, folder: Folder, budget: Budget): Unpacked {
  const coder = coderOf(folder);
  if (coder === null || folder.packedStreams !== 1) return cannotUnpack();
  const input = bytes.subarray(32 + folder.start, 32 + folder.start + folder.packed);
  if (coder.id === "00") return stored(input, 0, input.length, input.length);
  if (coder.id === "21") return decodeLzma2(input, coder.size, budget);
  if (coder.id === "030101") return decodeLzmaAlone(coder.properties, input, coder.size, budget);
  if (coder.id !== "040108") return cannotUnpack();
  const unpacked = inflate(input, "raw", Math.min(coder.size, budget.bytes));
  budget.bytes -= unpacked.work;
  return unpacked;
}

function readDigests(cursor: Cursor, count: number): boolean[] {
  const defined = cursor.optionalBits(count);
  for (const has of defined) if (has) cursor.skip(4);
  return defined;
}

function readFolder(cursor: Cursor): Folder {
  const coders: Coder[] = [];
  let inputs = 0;
  let outputs = 0;
  const count = cursor.number();
  if (count > maxCoders) cursor.failed = true;
  for (let i = 0; i < count && !cursor.failed; i++) {
    const flags = cursor.byte();
    const id = cursor.take(flags & 15).toString("hex");
    const complex = (flags & 0x10) !== 0;
    inputs += complex ? cursor.number() : 1;
    outputs += complex ? cursor.number() : 1;
    const properties = (flags & 0x20) === 0 ? Buffer.alloc(0) : cursor.take(cursor.number());
    coders.push({ id, properties, size: 0 });
  }
  if (inputs > maxCoders || outputs > maxCoders) cursor.failed = true;
  const bound = new Set<number>();
  for (let i = 0; i < outputs - 1 && !cursor.failed; i++) {
    cursor.number();
    bound.add(cursor.number());
  }
  const packedStreams = inputs - Math.max(0, outputs - 1);
  if (packedStreams > 1) for (let i = 0; i < packedStreams && !cursor.failed; i++) cursor.number();
  let main = 0;
  while (bound.has(main)) main++;
  const simple = inputs === coders.length && outputs === coders.length;
  return { coders, simple, packedStreams, mainSize: main, start: 0, packed: 0, hasDigest: false, sizes: [] };
}

interface Packed {
  start: number;
  sizes: number[];
}

function readPackInfo(cursor: Cursor): Packed {
  const packed: Packed = { start: cursor.number(), sizes: [] };
  const count = cursor.count();
  for (let id = cursor.byte(); id !== none && !cursor.failed; id = cursor.byte()) {
    if (id === size) for (let i = 0; i < count && !cursor.failed; i++) packed.sizes.push(cursor.number());
    else if (id === crc) readDigests(cursor, count);
    else cursor.failed = true;
  }
  return packed;
}

function readUnpackInfo(cursor: Cursor): Folder[] {
  const folders: Folder[] = [];
  for (let id = cursor.byte(); id !== none && !cursor.failed; id = cursor.byte()) {
    if (id === folderMark) {
      const count = cursor.count();
      // External streams do not occur.
      if (cursor.byte() !== 0) cursor.failed = true;
      for (let i = 0; i < count && !cursor.failed; i++) folders.push(readFolder(cursor));
    } else if (id === unpackSizes) {
      for (const folder of folders) for (const coder of folder.coders) coder.size = cursor.number();
    } else if (id === crc) {
      for (const [i, has] of readDigests(cursor, folders.length).entries()) {
        const folder = folders[i];
        if (folder !== undefined) folder.hasDigest = has;
      }
    } else cursor.failed = true;
  }
  return folders;
}

/** Bytes that come out of a folder. */
function sizeOf(folder: Folder): number {
  return folder.coders[folder.mainSize]?.size ?? 0;
}

function readSubStreams(cursor: Cursor, folders: readonly Folder[]): void {
  let counts = folders.map(() => 1);
  let id = cursor.byte();
  if (id === streamCounts) {
    counts = folders.map(() => cursor.count());
    id = cursor.byte();
  }
  let digests = 0;
  let total = 0;
  for (const [i, folder] of folders.entries()) {
    const count = counts[i] ?? 0;
    total += count;
    if (total > maxCount) cursor.failed = true;
    if (cursor.failed) return;
    let left = sizeOf(folder);
    folder.sizes = [];
    for (let n = 1; n < count && !cursor.failed; n++) {
      const own = id === size ? cursor.number() : 0;
      folder.sizes.push(own);
      left = Math.max(0, left - own);
    }
    if (count > 0) folder.sizes.push(left);
    if (count !== 1 || !folder.hasDigest) digests += count;
  }
  if (id === size) id = cursor.byte();
  for (; id !== none && !cursor.failed; id = cursor.byte()) {
    if (id === crc) readDigests(cursor, digests);
    else cursor.failed = true;
  }
}

/** Reads a StreamsInfo up to its end. */
export function readStreams(cursor: Cursor): readonly Folder[] {
  let packed: Packed = { start: 0, sizes: [] };
  let folders: Folder[] = [];
  for (let id = cursor.byte(); id !== none && !cursor.failed; id = cursor.byte()) {
    if (id === packInfo) packed = readPackInfo(cursor);
    else if (id === unpackInfo) {
      folders = readUnpackInfo(cursor);
      for (const folder of folders) folder.sizes = [sizeOf(folder)];
    } else if (id === subStreamsInfo) readSubStreams(cursor, folders);
    else cursor.failed = true;
  }
  let stream = 0;
  let start = packed.start;
  for (const folder of folders) {
    folder.start = start;
    for (let i = 0; i < folder.packedStreams; i++) folder.packed += packed.sizes[stream++] ?? 0;
    start += folder.packed;
  }
  return folders;
}
