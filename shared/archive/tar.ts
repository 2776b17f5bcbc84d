// Tar: ustar and pax (POSIX.1-2008, pax, "ustar Interchange Format"), and the long names of GNU.

import { type Archive, type ArchiveFlaw, type Entry, type Member, stored } from "./archive.ts";
import { standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { limitName, readName } from "./name.ts";

const block = 512;
/** Bytes of a pax header that are read. */
const paxBytes = 64 * 1024;

/** A number in octal digits, or, with the top bit of the first byte set, in base 256 (GNU). */
function readNumber(bytes: Buffer, at: number, length: number): number {
  let value = 0;
  if (((bytes[at] ?? 0) & 0x80) !== 0) {
    for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
    return value;
  }
  for (let i = 0; i < length; i++) {
    const digit = (bytes[at + i] ?? 0) - 48;
    if (digit >= 0 && digit <= 7) value = value * 8 + digit;
    else if (value > 0) break;
  }
  return value;
}

/** A name up to the first NUL. */
function readField(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = bytes.subarray(start, start + length).indexOf(0);
  return readName(bytes, start, end === -1 ? length : end, budget);
}

interface Pax {
  readonly path: string;
  readonly size: number | null;
}

/** Records "LENGTH KEY=VALUE\n". */
function readPax(bytes: Buffer, start: number, end: number, budget: Budget): Pax {
  let path = "";
  let size: number | null = null;
  let at = start;
  while (at < end) {
    const head = /^(\d{1,6}) ([^=\0\n]{1,200})=/.exec(bytes.toString("latin1", at, Math.min(end, at + 210)));
    const length = Number(head?.[1] ?? 0);
    if (head === null || length <= head[0].length) break;
    const from = at + head[0].length;
    const valueLength = Math.min(end, at + length - 1) - from;
    if (head[2] === "path" || head[2] === "GNU.sparse.name") path = readName(bytes, from, valueLength, budget);
    if (head[2] === "size") size = Number.parseInt(bytes.toString("latin1", from, from + valueLength), 10) || 0;
    at += length;
  }
  return { path, size };
}

/** The sum of the header's bytes, its own field counted as blanks. */
function hasChecksum(bytes: Buffer, at: number): boolean {
  let sum = 256;
  let high = 0;
  for (let i = 0; i < block; i++) {
    if (i >= 148 && i < 156) continue;
    const byte = bytes[at + i] ?? 0;
    sum += byte;
    if (byte > 127) high++;
  }
  const told = readNumber(bytes, at + 148, 8);
  // Old programs take the bytes as signed numbers, and readers allow for it.
  return told === sum || told === sum - high * 256;
}

/** Whether the first block is the header of a tar, of the old form without a mark too. */
export function isTar(bytes: Buffer): boolean {
  return bytes.length >= block && bytes[0] !== 0 && hasChecksum(bytes, 0);
}

export function readTar(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  let longName = "";
  let pax: Pax = { path: "", size: null };
  let at = 0;
  while (at + block <= bytes.length && bytes[at] !== 0) {
    if (!hasChecksum(bytes, at)) {
      flaws.add(members.length === 0 ? "unreadable" : "truncated");
      break;
    }
    const kind = String.fromCharCode(bytes[at + 156] ?? 0);
    const content = at + block;
    const size = pax.size ?? readNumber(bytes, at + 124, 12);
    // A header costs an entry whether or not it names a file, so that no chain of them is free.
    if (!takeEntry(budget)) break;
    if (kind === "L") longName = readField(bytes, content, Math.min(size, paxBytes), budget);
    else if (kind === "x")
      pax = readPax(bytes, content, Math.min(bytes.length, content + Math.min(size, paxBytes)), budget);
    else if (kind !== "g" && kind !== "K") {
      const name = pax.path || longName || ustarName(bytes, at, budget);
      const isFile = kind === "0" || kind === "\0" || kind === "7" || kind === "S";
      const length = isFile ? size : 0;
      if (content + length > bytes.length) flaws.add("truncated");
      const directory = kind === "5" || name.endsWith("/");
      const entry: Entry = { name, size: length, packed: length, encrypted: false, directory, method: "stored" };
      members.push({ entry, unpack: (most) => stored(bytes, content, length, most) });
      longName = "";
      pax = { path: "", size: null };
      at = content + Math.ceil(length / block) * block;
      continue;
    }
    at = content + Math.ceil(size / block) * block;
  }
  return { kind: "tar", members, flaws: [...flaws] };
}

function ustarName(bytes: Buffer, at: number, budget: Budget): string {
  const name = readField(bytes, at, 100, budget);
  const prefix = standsAt(bytes, at + 257, "ustar\0") ? readField(bytes, at + 345, 155, budget) : "";
  return prefix === "" ? name : limitName(`${prefix}/${name}`, budget);
}
