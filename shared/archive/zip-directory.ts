// Where the central directory of a zip is: its end record (APPNOTE 4.3.16), or that of zip64 (4.3.14).

import { le16, le32, le64, standsAt } from "./bytes.ts";

export interface Directory {
  /** Offset of its first header. */
  readonly start: number;
  /** Headers that it claims to have. */
  readonly entries: number;
  /** Bytes that stand before the zip: offsets count from behind them. */
  readonly shift: number;
  readonly split: boolean;
  /** Bytes behind the end record and its comment. */
  readonly trailing: number;
}

/** The end record may have a comment of 65,535 bytes behind it. */
const searched = 65_557;
/** Candidates for an end record that are tried, from the end. */
const tries = 16;

/** Finds it, from the end. Null when there is none: the zip is cut, or a volume of several. */
export function findDirectory(bytes: Buffer): Directory | null {
  const first = Math.max(0, bytes.length - searched);
  const tail = bytes.subarray(first);
  let from = tail.length - 22;
  for (let i = 0; i < tries && from >= 0; i++) {
    const at = tail.lastIndexOf("PK\x05\x06", from, "latin1");
    if (at === -1) return null;
    const directory = readEnd(bytes, first + at);
    if (directory !== null) return directory;
    from = at - 1;
  }
  return null;
}

function readEnd(bytes: Buffer, end: number): Directory | null {
  let entries = le16(bytes, end + 10);
  let size = le32(bytes, end + 12);
  let start = le32(bytes, end + 16);
  let tail = end;
  const disk = le16(bytes, end + 4);
  if (standsAt(bytes, end - 20, "PK\x06\x07")) {
    const wide = end - 20 - 56;
    const at = standsAt(bytes, wide, "PK\x06\x06") ? wide : le64(bytes, end - 12);
    if (standsAt(bytes, at, "PK\x06\x06")) {
      entries = le64(bytes, at + 32);
      size = le64(bytes, at + 40);
      start = le64(bytes, at + 48);
      tail = at;
    }
  }
  const trailing = Math.max(0, bytes.length - (end + 22 + le16(bytes, end + 20)));
  const split = disk !== 0 && disk !== 0xffff;
  const rest = { entries, split, trailing };
  if (entries === 0 && size === 0) return { start: tail, shift: 0, ...rest };
  // The directory ends where the end record begins, whatever stands before the zip.
  const real = tail - size;
  if (real >= 0 && standsAt(bytes, real, "PK\x01\x02"))
    return { start: real, shift: Math.max(0, real - start), ...rest };
  if (standsAt(bytes, start, "PK\x01\x02")) return { start, shift: 0, ...rest };
  return null;
}
