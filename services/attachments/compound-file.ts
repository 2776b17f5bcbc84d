// Compound files (MS-CFB, "OLE"): the streams of old Office documents and of encrypted new ones. Streams are read from the
// list of directory entries, whatever tree they form.

import { le16, le32, le64, standsAt } from "../../shared/archive/bytes.ts";
import { type Effort, spend } from "./effort.ts";

export interface Stream {
  readonly name: string;
  readonly size: number;
  /** The content, at most `most` bytes of it. */
  read(most: number): Buffer;
}

/** Streams and storages that are looked at. */
const maxEntries = 2000;
const entrySize = 128;
/** What it costs to read a sector, and a byte of it. */
const sectorCost = 10;
const byteCost = 1 / 16;
const noSector = 0xfffffffa;
const mark = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

class Sectors {
  readonly bytes: Buffer;
  readonly size: number;
  /** Sectors that hold the table of chains, in its order. */
  readonly #table: number[] = [];
  readonly #effort: Effort;

  constructor(bytes: Buffer, effort: Effort) {
    this.bytes = bytes;
    this.#effort = effort;
    this.size = (bytes[30] ?? 0) === 12 ? 4096 : 512;
    const perSector = this.size / 4;
    const most = Math.ceil(bytes.length / this.size / perSector) + 1;
    for (let i = 0; i < 109 && this.#table.length < most; i++) {
      const sector = le32(bytes, 76 + i * 4);
      if (sector < noSector) this.#table.push(sector);
    }
    // Larger files chain further lists (2.5).
    let list = le32(bytes, 68);
    for (let steps = 0; list < noSector && steps < most && this.#table.length < most; steps++) {
      const at = this.offset(list);
      for (let i = 0; i < perSector - 1 && this.#table.length < most; i++) {
        const sector = le32(bytes, at + i * 4);
        if (sector < noSector) this.#table.push(sector);
      }
      list = le32(bytes, at + this.size - 4);
    }
  }

  offset(sector: number): number {
    return (sector + 1) * this.size;
  }

  next(sector: number): number {
    const perSector = this.size / 4;
    const table = this.#table[Math.floor(sector / perSector)];
    return table === undefined ? noSector : le32(this.bytes, this.offset(table) + (sector % perSector) * 4);
  }

  /** Bytes of the chain that begins with `first`, at most `most`. A chain that runs in a circle ends there. It is cut where
   *  there is no effort left. */
  read(first: number, most: number): Buffer {
    const pieces: Buffer[] = [];
    let left = Math.min(most, this.bytes.length);
    for (let sector = first; sector < noSector && left > 0; sector = this.next(sector)) {
      const at = this.offset(sector);
      if (at >= this.bytes.length) break;
      const piece = this.bytes.subarray(at, at + Math.min(this.size, left));
      pieces.push(piece);
      left -= piece.length;
      if (!spend(this.#effort, sectorCost + piece.length * byteCost)) break;
    }
    return Buffer.concat(pieces);
  }
}

/** Small streams lie in one large one, in sectors of 64 bytes with a table of their own (2.6). */
function readSmall(container: Buffer, table: Buffer, first: number, most: number): Buffer {
  const pieces: Buffer[] = [];
  let left = Math.min(most, container.length);
  for (let sector = first; left > 0 && sector * 64 < container.length; sector = le32(table, sector * 4)) {
    const piece = container.subarray(sector * 64, sector * 64 + Math.min(64, left));
    pieces.push(piece);
    left -= piece.length;
    if (sector * 4 >= table.length) break;
  }
  return Buffer.concat(pieces);
}

export interface CompoundFile {
  /** Names of storages, which are folders. */
  readonly storages: readonly string[];
  readonly streams: readonly Stream[];
}

/** Reads the directory; null for what is no compound file. Never throws. */
export function readCompoundFile(bytes: Buffer, effort: Effort): CompoundFile | null {
  if (!standsAt(bytes, 0, mark) || bytes.length < 1024) return null;
  const sectors = new Sectors(bytes, effort);
  const directory = sectors.read(le32(bytes, 48), maxEntries * entrySize);
  const cutoff = le32(bytes, 56);
  const storages: string[] = [];
  const streams: Stream[] = [];
  let small: { readonly container: Buffer; readonly table: Buffer } | null = null;
  const openSmall = () => {
    small ??= {
      container: sectors.read(le32(directory, 116), le64(directory, 120)),
      table: sectors.read(le32(bytes, 60), le32(bytes, 64) * sectors.size),
    };
    return small;
  };
  for (let at = 0; at + entrySize <= directory.length; at += entrySize) {
    const nameLength = Math.min(64, le16(directory, at + 64));
    const name = directory.toString("utf16le", at, at + Math.max(0, nameLength - 2));
    const kind = directory[at + 66];
    if (kind === 1) storages.push(name);
    if (kind !== 2) continue;
    const first = le32(directory, at + 116);
    const size = sectors.size === 512 ? le32(directory, at + 120) : le64(directory, at + 120);
    const read = (most: number): Buffer => {
      const length = Math.min(size, most);
      if (size >= cutoff) return sectors.read(first, length);
      const { container, table } = openSmall();
      return readSmall(container, table, first, length);
    };
    streams.push({ name, size, read });
  }
  return { storages, streams };
}
