// 7z (7zFormat.txt of the LZMA SDK): a header at the end, usually packed itself, sometimes encrypted.

import { type Archive, type ArchiveFlaw, cannotUnpack, type Entry, type Member, type Unpacked } from "./archive.ts";
import { le64 } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readWideName } from "./name.ts";
import { Cursor } from "./seven-zip-cursor.ts";
import { type Folder, isEncryptedFolder, methodOf, readStreams, unpackFolder } from "./seven-zip-streams.ts";

const header = 0x01;
const encodedHeader = 0x17;
/** Headers packed within packed headers: 7-zip packs once. */
const maxPacking = 4;
/** Bytes of a header that is read. */
const headerBytes = 4 * 1024 * 1024;

function failure(...flaws: ArchiveFlaw[]): Archive {
  return { kind: "7z", members: [], flaws };
}

export function readSevenZip(bytes: Buffer, budget: Budget): Archive {
  const start = 32 + le64(bytes, 12);
  const length = le64(bytes, 20);
  if (length === 0) return bytes.length >= 32 && start === 32 ? failure() : failure("unreadable");
  if (start + length > bytes.length) return failure("truncated", "unreadable");
  const extra: ArchiveFlaw[] = start + length < bytes.length ? ["appended"] : [];
  let block = bytes.subarray(start, start + length);
  for (let i = 0; i < maxPacking && block[0] === encodedHeader; i++) {
    const cursor = new Cursor(block);
    cursor.byte();
    const [folder] = readStreams(cursor);
    if (folder === undefined || cursor.failed) return failure("unreadable");
    if (isEncryptedFolder(folder)) return failure("encrypted-names");
    if ((folder.sizes[0] ?? 0) > headerBytes) return failure("unreadable");
    block = unpackFolder(bytes, folder, budget).bytes;
  }
  if (block[0] !== header || block.length > headerBytes) return failure("unreadable");
  const read = readHeader(bytes, block, budget);
  return { kind: "7z", members: read.members, flaws: [...read.flaws, ...extra] };
}

interface Read {
  readonly members: readonly Member[];
  readonly flaws: readonly ArchiveFlaw[];
}

function readHeader(bytes: Buffer, block: Buffer, budget: Budget): Read {
  const cursor = new Cursor(block);
  cursor.byte();
  let folders: readonly Folder[] = [];
  let members: readonly Member[] = [];
  for (let id = cursor.byte(); id !== 0 && !cursor.failed; id = cursor.byte()) {
    if (id === 2) skipProperties(cursor);
    else if (id === 3) readStreams(cursor);
    else if (id === 4) folders = readStreams(cursor);
    else if (id === 5) members = readFiles(bytes, cursor, folders, budget);
    else cursor.failed = true;
  }
  return { members, flaws: cursor.failed ? ["unreadable"] : [] };
}

function skipProperties(cursor: Cursor): void {
  for (let id = cursor.byte(); id !== 0 && !cursor.failed; id = cursor.byte()) cursor.skip(cursor.number());
}

/** One file of a folder: where it lies in what comes out. */
interface Slice {
  readonly folder: Folder;
  readonly start: number;
  readonly size: number;
}

function* slicesOf(folders: readonly Folder[]): Generator<Slice> {
  for (const folder of folders) {
    let start = 0;
    for (const size of folder.sizes) {
      yield { folder, start, size };
      start += size;
    }
  }
}

function readFiles(bytes: Buffer, cursor: Cursor, folders: readonly Folder[], budget: Budget): Member[] {
  const count = cursor.count();
  let names: string[] = [];
  let empty: readonly boolean[] = [];
  let emptyFile: readonly boolean[] = [];
  for (let id = cursor.byte(); id !== 0 && !cursor.failed; id = cursor.byte()) {
    const length = cursor.number();
    const end = cursor.at + length;
    if (id === 0x0e) empty = cursor.bits(count);
    else if (id === 0x0f) emptyFile = cursor.bits(empty.filter(Boolean).length);
    else if (id === 0x11) {
      cursor.byte();
      names = readNames(cursor.bytes, cursor.at, Math.min(end, cursor.bytes.length), count, budget);
    }
    cursor.at = end;
    if (end > cursor.bytes.length) cursor.failed = true;
  }
  const slices = slicesOf(folders);
  /** What comes out of a folder, kept while its files are looked at: they come in order. */
  const open: { folder: Folder | null; content: Unpacked } = { folder: null, content: cannotUnpack() };
  let hollow = 0;
  return names.map((name, i) => {
    if (empty[i] === true) {
      const directory = emptyFile[hollow++] !== true;
      const entry: Entry = { name, size: 0, packed: 0, encrypted: false, directory, method: "stored" };
      return { entry, unpack: cannotUnpack };
    }
    const slice = slices.next();
    if (slice.done === true) {
      const entry: Entry = { name, size: -1, packed: -1, encrypted: false, directory: false, method: "" };
      return { entry, unpack: cannotUnpack };
    }
    const { folder, start, size } = slice.value;
    const encrypted = isEncryptedFolder(folder);
    const packed = folder.sizes.length === 1 ? folder.packed : -1;
    const entry: Entry = { name, size, packed, encrypted, directory: false, method: methodOf(folder) };
    const unpack = (most: number): Unpacked => {
      if (encrypted) return cannotUnpack();
      if (open.folder !== folder) {
        open.folder = folder;
        open.content = unpackFolder(bytes, folder, budget);
      }
      const content = open.content.bytes.subarray(start, start + Math.min(size, most));
      return { bytes: content, whole: content.length === size, work: content.length };
    };
    return { entry, unpack };
  });
}

/** Names end in a NUL each. */
function readNames(bytes: Buffer, start: number, end: number, count: number, budget: Budget): string[] {
  const names: string[] = [];
  let from = start;
  for (let at = start; at + 2 <= end && names.length < count; at += 2) {
    if (bytes[at] !== 0 || bytes[at + 1] !== 0) continue;
    if (!takeEntry(budget)) break;
    names.push(readWideName(bytes, from, at - from, budget));
    from = at + 2;
  }
  return names;
}
