// Zip (PKWARE APPNOTE 6.3): entries by the central directory, and by the local headers, since readers use either and a
// sender can make them differ.

import { extensionOf } from "../message/extension.ts";
import {
  type Archive,
  type ArchiveFlaw,
  cannotUnpack,
  type Entry,
  type Member,
  stored,
  type Unpacked,
} from "./archive.ts";
import { le16, le32, le64, standsAt } from "./bytes.ts";
import { unpackBzip2 } from "./bzip2.ts";
import { inflate, inflateHead } from "./inflate.ts";
import { type Budget, takeEntry, takeMark } from "./limits.ts";
import { decodeLzmaAlone } from "./lzma.ts";
import { readName } from "./name.ts";
import { unpackXz } from "./xz.ts";
import { findDirectory } from "./zip-directory.ts";

const methods: Readonly<Record<number, string>> = {
  0: "stored",
  8: "deflate",
  9: "deflate64",
  12: "bzip2",
  14: "lzma",
  93: "zstd",
  95: "xz",
  99: "aes",
};

/** What a header, central or local, says of an entry. */
interface Header {
  readonly name: string;
  /** The name in UTF-8 that some readers show instead (Info-ZIP, extra field 0x7075); "" without. */
  readonly otherName: string;
  readonly flags: number;
  readonly method: number;
  readonly size: number;
  readonly packed: number;
  /** Of the local header. */
  readonly offset: number;
}

/** Bytes of a name's place in the archive that decide whether two headers name the same thing. */
interface Sizes {
  size: number;
  packed: number;
  offset: number;
}

/** Extra field 1 holds what does not fit into 32 bits (4.5.3). */
function readZip64(bytes: Buffer, start: number, length: number, sizes: Sizes): void {
  const end = Math.min(bytes.length, start + length);
  for (let at = start; at + 4 <= end; at += 4 + le16(bytes, at + 2)) {
    if (le16(bytes, at) !== 1) continue;
    let value = at + 4;
    for (const key of ["size", "packed", "offset"] as const) {
      if (sizes[key] !== 0xffffffff) continue;
      sizes[key] = le64(bytes, value);
      value += 8;
    }
    return;
  }
}

function readOtherName(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = Math.min(bytes.length, start + length);
  for (let at = start; at + 9 <= end; at += 4 + le16(bytes, at + 2)) {
    // A version and the check sum of the name that it replaces stand before it.
    if (le16(bytes, at) === 0x7075) return readName(bytes, at + 9, le16(bytes, at + 2) - 5, budget);
  }
  return "";
}

function readCentral(bytes: Buffer, at: number, budget: Budget): Header {
  const nameLength = le16(bytes, at + 28);
  const sizes = { size: le32(bytes, at + 24), packed: le32(bytes, at + 20), offset: le32(bytes, at + 42) };
  readZip64(bytes, at + 46 + nameLength, le16(bytes, at + 30), sizes);
  const name = readName(bytes, at + 46, nameLength, budget);
  const otherName = readOtherName(bytes, at + 46 + nameLength, le16(bytes, at + 30), budget);
  return { name, otherName, flags: le16(bytes, at + 8), method: le16(bytes, at + 10), ...sizes };
}

function readLocal(bytes: Buffer, at: number, budget: Budget): Header {
  const nameLength = le16(bytes, at + 26);
  const sizes = { size: le32(bytes, at + 22), packed: le32(bytes, at + 18), offset: at };
  readZip64(bytes, at + 30 + nameLength, le16(bytes, at + 28), sizes);
  sizes.offset = at;
  return {
    name: readName(bytes, at + 30, nameLength, budget),
    otherName: readOtherName(bytes, at + 30 + nameLength, le16(bytes, at + 28), budget),
    flags: le16(bytes, at + 6),
    method: le16(bytes, at + 8),
    ...sizes,
  };
}

/** Start of the content behind a local header. */
function contentStart(bytes: Buffer, local: number): number {
  return local + 30 + le16(bytes, local + 26) + le16(bytes, local + 28);
}

/** Bit 0 encrypts the content, bit 13 hides the local header (4.4.4); method 99 is AES. */
function isEncrypted({ flags, method }: Header): boolean {
  return (flags & 1) !== 0 || (flags & 0x2000) !== 0 || method === 99;
}

function unpackContent(content: Buffer, method: number, size: number, most: number, budget: Budget): Unpacked {
  if (method === 0) return stored(content, 0, content.length, most);
  if (method === 8) return most <= 4096 ? inflateHead(content, "raw", most) : inflate(content, "raw", most);
  if (method === 93) return inflate(content, "zstd", most);
  if (method === 12) return unpackBzip2(content, most, budget);
  if (method === 95) return unpackXz(content, most, budget);
  // LZMA has its own small header before the properties (5.8.8).
  if (method === 14) return decodeLzmaAlone(content.subarray(4, 9), content.subarray(9), Math.min(size, most), budget);
  return cannotUnpack();
}

function memberOf(bytes: Buffer, record: Header, start: number, end: number, budget: Budget): Member {
  const { name, method, size, packed } = record;
  const encrypted = isEncrypted(record);
  const entry: Entry = {
    name,
    size,
    packed,
    encrypted,
    directory: name.endsWith("/") && size === 0,
    method: methods[method] ?? String(method),
  };
  const content = bytes.subarray(start, Math.min(end, bytes.length));
  return { entry, unpack: (most) => (encrypted ? cannotUnpack() : unpackContent(content, method, size, most, budget)) };
}

/** Reads a zip. The entries of the central directory come first, then those that only local headers name. */
export function readZip(bytes: Buffer, budget: Budget): Archive {
  const flaws = new Set<ArchiveFlaw>();
  const members: Member[] = [];
  /** Where content lies that the central directory lists: [start, end) of header and content. */
  const taken: [start: number, end: number][] = [];
  const directory = findDirectory(bytes);
  if (directory === null) flaws.add("truncated");
  else {
    if (directory.shift > 0) flaws.add("prepended");
    if (directory.split) flaws.add("split");
    if (directory.trailing > 0) flaws.add("appended");
    let at = directory.start;
    while (standsAt(bytes, at, "PK\x01\x02") && at + 46 <= bytes.length) {
      if (!takeEntry(budget)) break;
      const record = readCentral(bytes, at, budget);
      const local = record.offset + directory.shift;
      if (standsAt(bytes, local, "PK\x03\x04")) {
        const inner = readLocal(bytes, local, budget);
        const start = contentStart(bytes, local);
        // Bit 13 blanks the local header on purpose.
        if (inner.name !== record.name && (record.flags & 0x2000) === 0) flaws.add("disagree");
        if (isEncrypted(inner) !== isEncrypted(record)) flaws.add("disagree");
        if (start + record.packed > bytes.length) flaws.add("truncated");
        taken.push([local, start + record.packed]);
        members.push(memberOf(bytes, record, start, start + record.packed, budget));
        for (const name of otherNames(record, inner, flaws)) {
          if (!takeEntry(budget)) break;
          members.push(aliasOf(memberOf(bytes, { ...record, name }, start, start + record.packed, budget)));
        }
      } else {
        flaws.add("disagree");
        members.push(memberOf(bytes, record, bytes.length, bytes.length, budget));
      }
      at += 46 + le16(bytes, at + 28) + le16(bytes, at + 30) + le16(bytes, at + 32);
    }
    if (members.length < directory.entries && budget.entries > 0) flaws.add("truncated");
  }
  taken.sort((a, b) => a[0] - b[0]);
  if (overlaps(taken)) flaws.add("overlap");
  if (readLocals(bytes, directory?.start ?? bytes.length, taken, members, budget) && directory !== null)
    flaws.add("hidden");
  if (members.length === 0 && directory?.entries !== 0) flaws.add("unreadable");
  return { kind: "zip", members, flaws: [...flaws] };
}

/** Names by which other readers see an entry. Two that only spell one differently end alike. */
function otherNames(record: Header, inner: Header, flaws: Set<ArchiveFlaw>): readonly string[] {
  const names = new Set<string>();
  if (inner.name !== "") names.add(inner.name);
  for (const { name, otherName } of [record, inner]) {
    if (otherName === "" || extensionOf(otherName) === extensionOf(name)) continue;
    flaws.add("disagree");
    names.add(otherName);
  }
  names.delete(record.name);
  return [...names];
}

function aliasOf({ entry, unpack }: Member): Member {
  return { entry: { ...entry, alias: true }, unpack };
}

function overlaps(taken: readonly (readonly [number, number])[]): boolean {
  let end = 0;
  for (const [from, to] of taken) {
    if (from < end) return true;
    end = to;
  }
  return false;
}

/** Adds the entries of local headers in the gaps between those that are `taken`, sorted; whether there are any. */
function readLocals(
  bytes: Buffer,
  end: number,
  taken: readonly (readonly [number, number])[],
  members: Member[],
  budget: Budget,
): boolean {
  let found = false;
  let next = 0;
  let at = bytes.indexOf("PK\x03\x04", 0, "latin1");
  while (at !== -1 && at < end && at + 30 <= bytes.length) {
    let skip = 0;
    for (; next < taken.length; next++) {
      const [from = 0, to = 0] = taken[next] ?? [];
      if (from > at) break;
      skip = Math.max(skip, to);
    }
    // What lies within a listed entry is its content, and may be a zip of its own.
    if (skip > at) {
      at = bytes.indexOf("PK\x03\x04", skip, "latin1");
      continue;
    }
    if (le16(bytes, at + 26) === 0 || le16(bytes, at + 4) > 255) {
      if (!takeMark(budget)) break;
      at = bytes.indexOf("PK\x03\x04", at + 4, "latin1");
      continue;
    }
    if (!takeEntry(budget)) break;
    found = true;
    const record = readLocal(bytes, at, budget);
    const start = contentStart(bytes, at);
    // Bit 3: the sizes stand behind the content (4.3.9), so it ends at the next mark.
    const unknown = (record.flags & 8) !== 0 && record.packed === 0;
    const mark = unknown ? bytes.indexOf("PK", start, "latin1") : -1;
    const stop = unknown
      ? mark === -1
        ? bytes.length
        : descriptorAt(bytes, start, mark, budget)
      : start + record.packed;
    const known = unknown ? { ...record, size: -1, packed: stop - start } : record;
    members.push(memberOf(bytes, known, start, stop, budget));
    at = bytes.indexOf("PK\x03\x04", Math.max(stop, at + 30), "latin1");
  }
  return found;
}

const marks = ["PK\x07\x08", "PK\x03\x04", "PK\x01\x02"];

/** The first mark from `at` on that can end content of unknown length. */
function descriptorAt(bytes: Buffer, start: number, first: number, budget: Budget): number {
  for (let at = first; at !== -1; at = bytes.indexOf("PK", at + 2, "latin1")) {
    if (at >= start && marks.some((mark) => standsAt(bytes, at, mark))) return at;
    if (!takeMark(budget)) break;
  }
  return bytes.length;
}
