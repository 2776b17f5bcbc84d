// Arj (technical note of Robert K. Jung): the list of files, and the content of those that are stored.

import { type Archive, type ArchiveFlaw, cannotUnpack, type Member, stored } from "./archive.ts";
import { le16, le32, standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";

const mark = "\x60\xea";
/** Largest basic header. */
const headerBytes = 2600;

/** The first header describes the archive: its kind is 2. */
export function isArj(bytes: Buffer): boolean {
  const length = le16(bytes, 2);
  return standsAt(bytes, 0, mark) && length >= 30 && length <= headerBytes && bytes[10] === 2;
}

/** Behind a header: its checksum, then extended headers, each with a length and a checksum. */
function behindHeader(bytes: Buffer, at: number): number {
  let next = at + 4 + le16(bytes, at + 2) + 4;
  for (let length = le16(bytes, next); length > 0 && next < bytes.length; length = le16(bytes, next))
    next += length + 6;
  return next + 2;
}

export function readArj(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  let at = behindHeader(bytes, 0);
  for (;;) {
    const length = le16(bytes, at + 2);
    if (!standsAt(bytes, at, mark) || length > headerBytes) {
      flaws.add("truncated");
      break;
    }
    if (length === 0) break;
    if (!takeEntry(budget)) break;
    const flags = bytes[at + 8] ?? 0;
    const method = bytes[at + 9] ?? 0;
    const encrypted = (flags & 1) !== 0;
    const packed = le32(bytes, at + 16);
    const nameStart = at + 4 + (bytes[at + 4] ?? 0);
    const nameLength = bytes.subarray(nameStart, at + 4 + length).indexOf(0);
    const name = readName(bytes, nameStart, Math.max(0, nameLength), budget);
    if ((flags & 4) !== 0) flaws.add("split");
    const start = behindHeader(bytes, at);
    members.push({
      entry: {
        name,
        size: le32(bytes, at + 20),
        packed,
        encrypted,
        directory: bytes[at + 10] === 3,
        method: method === 0 ? "stored" : "arj",
      },
      unpack: method === 0 && !encrypted ? (most) => stored(bytes, start, packed, most) : cannotUnpack,
    });
    at = start + packed;
  }
  return { kind: "arj", members, flaws: [...flaws] };
}
