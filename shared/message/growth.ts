// What a part tree is grown with: the bytes, the place of a part, the second readings that are left.

import { hash } from "node:crypto";
import type { Header, Part, Reading } from "../task.ts";
import type { Note } from "./flaw.ts";
import type { Limits } from "./limits.ts";

/** A part that is no container, with its decoded content. */
export interface Leaf {
  readonly part: Part;
  readonly content: Buffer;
}

export interface Tree {
  readonly parts: readonly Part[];
  readonly leaves: readonly Leaf[];
}

/** Bytes that parts lie in: the message, or the decoded content of a message within. */
export interface Source {
  readonly bytes: Buffer;
  /** The same, one char a byte. */
  readonly text: string;
  /** Where the bytes stand in the raw message, for content that had to be decoded; null for the raw message. */
  readonly outer: { readonly start: number; readonly end: number } | null;
}

export interface Growth {
  readonly limits: Limits;
  readonly note: Note;
  readonly parts: Part[];
  readonly leaves: Leaf[];
  /** Second readings, and bytes of them, that may still be looked at: together they cost no more than the message. */
  readonly left: { readings: number; bytes: number };
}

/** Place of a part in the tree. */
export interface Place {
  readonly parent: number;
  readonly depth: number;
  /** Boundaries of the multiparts around it. */
  readonly boundaries: readonly string[];
  /** Its type when it declares none. */
  readonly fallback: string;
  /** Why it is read in a second way, with all that is within. */
  readonly reading: Reading | null;
}

/** A part before its content is looked at. */
export interface Entity {
  readonly source: Source;
  readonly headers: readonly Header[];
  readonly start: number;
  readonly end: number;
}

/** SHA-256 in hex, the first 32 digits. */
export function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex").slice(0, 32);
}

export function decodedSource(bytes: Buffer, start: number, end: number): Source {
  return { bytes, text: bytes.toString("latin1"), outer: { start, end } };
}

/** Notes that part `id` has a second reading and adds it, within limits. A reading has no second one itself. */
export function addReading(
  growth: Growth,
  kind: Reading,
  id: number,
  place: Place,
  bytes: number,
  detail: string,
  add: (place: Place) => void,
): void {
  const { left, limits, note, parts } = growth;
  if (place.reading !== null) return;
  note(kind, id, detail);
  if (left.readings === 0 || left.bytes < bytes || parts.length >= limits.parts) {
    note("limit-readings", id);
    return;
  }
  left.readings--;
  left.bytes -= bytes;
  add({ ...place, parent: id, depth: place.depth + 1, reading: kind });
}

/** What is odd about a second reading is not the sender's doing, but a limit is one. */
export function noteFor(growth: Growth, place: Place): Note {
  if (place.reading === null) return growth.note;
  return (kind, part, detail) => {
    if (kind.startsWith("limit-")) growth.note(kind, part, detail);
  };
}
