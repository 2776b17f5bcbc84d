// Rar 5 (rarlab, "RAR 5.0 archive format").

import { type Archive, type ArchiveFlaw, cannotUnpack, type Member, stored } from "./archive.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";

/** Numbers of 7 bits a byte, the lowest first. Behind the end they are 0 and `at` grows, so that no loop stands still. */
class Numbers {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * 128 ** i;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  }
}

const mainHead = 1;
const fileHead = 2;
const encryptionHead = 4;
const endHead = 5;

export function readRar5(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  let at = 8;
  while (at + 7 <= bytes.length) {
    const numbers = new Numbers(bytes, at + 4);
    const length = numbers.next();
    const start = numbers.at;
    const kind = numbers.next();
    const flags = numbers.next();
    const extra = (flags & 1) === 0 ? 0 : numbers.next();
    const data = (flags & 2) === 0 ? 0 : numbers.next();
    const end = start + length;
    if (length === 0 || kind > endHead || kind === 0) {
      flaws.add(members.length === 0 ? "unreadable" : "truncated");
      break;
    }
    if (kind === endHead) break;
    if (kind === encryptionHead) {
      flaws.add("encrypted-names");
      break;
    }
    if (kind === mainHead && (numbers.next() & 1) !== 0) flaws.add("split");
    if ((flags & 0x18) !== 0) flaws.add("split");
    if (kind === fileHead) {
      if (!takeEntry(budget)) break;
      members.push(readFile(numbers, end, extra, data, (flags & 0x18) !== 0, budget));
    }
    at = end + data;
    if (at > bytes.length) flaws.add("truncated");
  }
  return { kind: "rar", members, flaws: [...flaws] };
}

function readFile(
  numbers: Numbers,
  end: number,
  extra: number,
  packed: number,
  split: boolean,
  budget: Budget,
): Member {
  const { bytes } = numbers;
  const flags = numbers.next();
  const declared = numbers.next();
  numbers.next();
  if ((flags & 2) !== 0) numbers.at += 4;
  if ((flags & 4) !== 0) numbers.at += 4;
  const method = Math.floor(numbers.next() / 128) & 7;
  numbers.next();
  const nameLength = numbers.next();
  const name = readName(bytes, numbers.at, Math.min(nameLength, end - numbers.at), budget);
  const encrypted = hasEncryption(bytes, Math.max(numbers.at, end - extra), end);
  const size = (flags & 8) === 0 ? declared : -1;
  const plain = method === 0 && !encrypted && !split;
  return {
    entry: { name, size, packed, encrypted, directory: (flags & 1) !== 0, method: method === 0 ? "stored" : "rar" },
    unpack: plain ? (most) => stored(bytes, end, packed, most) : cannotUnpack,
  };
}

/** Records of the extra area: type 1 is encryption. */
function hasEncryption(bytes: Buffer, start: number, end: number): boolean {
  const last = Math.min(end, bytes.length);
  let at = start;
  while (at < last) {
    const numbers = new Numbers(bytes, at);
    const length = numbers.next();
    const from = numbers.at;
    if (numbers.next() === 1) return true;
    at = from + length;
  }
  return false;
}
