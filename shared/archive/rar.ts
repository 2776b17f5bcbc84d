// Rar (unrar's technote, and the RAR 5.0 archive format): the list of files, and the content of those that are stored.

import { type Archive, type ArchiveFlaw, cannotUnpack, type Member, stored } from "./archive.ts";
import { le16, le32, standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";
import { readRar5 } from "./rar5.ts";

/** Reads either version; a self-extracting one, too, from where its mark stands. */
export function readRar(bytes: Buffer, budget: Budget): Archive {
  return standsAt(bytes, 0, "Rar!\x1a\x07\x01\0") ? readRar5(bytes, budget) : readRar4(bytes, budget);
}

const mainHead = 0x73;
const fileHead = 0x74;
const endHead = 0x7b;

function readRar4(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  let at = 7;
  while (at + 7 <= bytes.length) {
    const kind = bytes[at + 2] ?? 0;
    const flags = le16(bytes, at + 3);
    const length = le16(bytes, at + 5);
    if (length < 7 || kind < 0x72 || kind > endHead) {
      flaws.add(members.length === 0 ? "unreadable" : "truncated");
      break;
    }
    if (kind === endHead) break;
    if (kind === mainHead) {
      if ((flags & 1) !== 0) flaws.add("split");
      if ((flags & 0x80) !== 0) {
        flaws.add("encrypted-names");
        break;
      }
    }
    let data = (flags & 0x8000) === 0 ? 0 : le32(bytes, at + 7);
    if (kind === fileHead) {
      if (!takeEntry(budget)) break;
      const wide = (flags & 0x100) !== 0;
      data = le32(bytes, at + 7) + (wide ? le32(bytes, at + 32) * 4294967296 : 0);
      if ((flags & 3) !== 0) flaws.add("split");
      members.push(readFile(bytes, at, length, data, budget));
    }
    at += length + data;
    if (at > bytes.length) flaws.add("truncated");
  }
  return { kind: "rar", members, flaws: [...flaws] };
}

function readFile(bytes: Buffer, at: number, length: number, packed: number, budget: Budget): Member {
  const flags = le16(bytes, at + 3);
  const wide = (flags & 0x100) !== 0;
  const start = at + (wide ? 40 : 32);
  const size = le32(bytes, at + 11) + (wide ? le32(bytes, at + 36) * 4294967296 : 0);
  const nameLength = Math.min(le16(bytes, at + 26), at + length - start);
  const name =
    (flags & 0x200) === 0 ? readName(bytes, start, nameLength, budget) : unicodeName(bytes, start, nameLength, budget);
  const method = bytes[at + 25] ?? 0;
  const encrypted = (flags & 4) !== 0;
  const directory = (flags & 0xe0) === 0xe0;
  const plain = method === 0x30 && !encrypted && (flags & 3) === 0;
  return {
    entry: {
      name: name.replaceAll("\\", "/"),
      size,
      packed,
      encrypted,
      directory,
      method: method === 0x30 ? "stored" : "rar",
    },
    unpack: plain ? (most) => stored(bytes, at + length, packed, most) : cannotUnpack,
  };
}

/** An ASCII name, a NUL, then what differs from it: codes of 2 bits, four to a byte, say how the next char is made. */
function unicodeName(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = Math.min(bytes.length, start + length);
  const ascii = bytes.subarray(start, end).indexOf(0);
  if (ascii === -1 || start + ascii >= end - 1) return readName(bytes, start, ascii === -1 ? length : ascii, budget);
  const zero = start + ascii;
  const most = budget.limits.nameLength * 2;
  const high = (bytes[zero + 1] ?? 0) * 256;
  const units: number[] = [];
  let at = zero + 2;
  let codes = 0;
  let left = 0;
  while (at < end && units.length < most) {
    if (left === 0) {
      codes = bytes[at++] ?? 0;
      left = 4;
    }
    const code = (codes >> 6) & 3;
    codes <<= 2;
    left--;
    if (code === 0) units.push(bytes[at++] ?? 0);
    else if (code === 1) units.push((bytes[at++] ?? 0) + high);
    else if (code === 2) {
      units.push(le16(bytes, at));
      at += 2;
    } else {
      const run = bytes[at++] ?? 0;
      const correction = (run & 0x80) === 0 ? null : (bytes[at++] ?? 0);
      for (let i = (run & 0x7f) + 2; i > 0; i--) {
        const same = bytes[start + units.length] ?? 0;
        units.push(correction === null ? same : ((same + correction) & 0xff) + high);
      }
    }
  }
  return String.fromCharCode(...units.slice(0, most)).slice(-budget.limits.nameLength);
}
