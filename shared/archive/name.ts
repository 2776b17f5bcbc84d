// Names of entries: bytes in one of many charsets -> text within limits.

import { isUtf8 } from "node:buffer";
import type { Budget } from "./limits.ts";

/** Cuts a name at the limit, keeping its end: that is where the extension is. */
export function limitName(name: string, budget: Budget): string {
  const most = budget.limits.nameLength;
  if (name.length <= most) return name;
  budget.reached.add("name-length");
  return name.slice(-most);
}

/** A name in UTF-8, or else in one byte a char: extensions are ASCII in every charset that archives use. */
export function readName(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = Math.min(bytes.length, start + Math.max(0, length));
  // A char takes at most 4 bytes: what is far beyond the limit need not be decoded.
  const most = budget.limits.nameLength * 4 + 4;
  if (end - start > most) budget.reached.add("name-length");
  const raw = bytes.subarray(Math.max(start, end - most), end);
  return limitName(raw.toString(isUtf8(raw) ? "utf8" : "latin1"), budget);
}

/** A name in UTF-16. */
export function readWideName(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = Math.min(bytes.length, start + Math.max(0, length));
  const most = budget.limits.nameLength * 2;
  if (end - start > most) budget.reached.add("name-length");
  return limitName(bytes.toString("utf16le", Math.max(start, end - most), end), budget);
}
