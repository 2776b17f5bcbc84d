// The part tree of a message (RFC 2046): multiparts and messages within each other, depth first.

import { isAscii } from "node:buffer";
import { hash } from "node:crypto";
import type { Header, Part } from "../task.ts";
import { guessBoundary, type Split, splitBody } from "./boundary.ts";
import { type Description, describe } from "./content-type.ts";
import { decodeFields, wordContext } from "./fields.ts";
import { detectType } from "./file-type.ts";
import type { Note } from "./flaw.ts";
import { type RawField, splitHeaders } from "./header.ts";
import type { Limits } from "./limits.ts";
import { decodeTransfer } from "./transfer.ts";
import type { WordContext } from "./word.ts";

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
interface Source {
  readonly bytes: Buffer;
  /** The same, one char a byte. */
  readonly text: string;
  /** Where the bytes stand in the raw message, for content that had to be decoded; null for the raw message. */
  readonly outer: { readonly start: number; readonly end: number } | null;
}

interface Growth {
  readonly limits: Limits;
  readonly note: Note;
  readonly parts: Part[];
  readonly leaves: Leaf[];
}

/** Place of a part in the tree. */
interface Place {
  readonly parent: number;
  readonly depth: number;
  /** Boundaries of the multiparts around it. */
  readonly boundaries: readonly string[];
  /** Its type when it declares none. */
  readonly fallback: string;
}

/** SHA-256 in hex, the first 32 digits. */
export function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex").slice(0, 32);
}

/** Parts whose parent is `id`. */
export function children(parts: readonly Part[], id: number): readonly Part[] {
  return parts.filter((part) => part.parent === id);
}

/** Grows the tree of a message whose header fields are `fields` and whose body starts at `start`. */
export function growTree(
  bytes: Buffer,
  text: string,
  fields: readonly RawField[],
  start: number,
  limits: Limits,
  words: WordContext,
): Tree {
  const growth: Growth = { limits, note: words.note, parts: [], leaves: [] };
  const place: Place = { parent: -1, depth: 0, boundaries: [], fallback: "text/plain" };
  addPart(growth, { bytes, text, outer: null }, fields, [], start, bytes.length, place, words);
  return growth;
}

function addPart(
  growth: Growth,
  source: Source,
  fields: readonly RawField[],
  headers: readonly Header[],
  start: number,
  end: number,
  place: Place,
  words: WordContext,
): void {
  const { limits, note, parts } = growth;
  const id = parts.length;
  const described = describe(fields, place.fallback, limits, words);
  const { parent, depth } = place;
  const range = source.outer ?? { start, end };
  const shape = { id, parent, depth, ...described, headers, start: range.start, end: range.end };
  const container = described.type.startsWith("multipart/") || isMessage(described.type);
  if (container && depth >= limits.depth) note("limit-depth", id);
  else if (described.type.startsWith("multipart/")) {
    const part: Part = { ...shape, size: 0, detected: "", digest: "" };
    parts.push(part);
    // RFC 2045, 6.4: a multipart is not encoded as a whole.
    if (described.encoding === "base64" || described.encoding === "quoted-printable") note("bad-encoding", id);
    if (!addChildren(growth, source, described, id, start, end, place)) {
      // No reader sees parts here, but some show the body as text.
      growth.leaves.push({ part, content: source.bytes.subarray(start, end) });
    }
    return;
  }

  const body = source.bytes.subarray(start, end);
  const { bytes: content, flaw } = decodeTransfer(body, described.encoding);
  if (flaw !== null) note(flaw, id);
  const sevenBit = described.encoding === "" || described.encoding === "7bit";
  if (sevenBit && !isAscii(body)) note("eight-bit-body", id);
  const part: Part = { ...shape, size: content.length, detected: detectType(content), digest: digest(content) };
  parts.push(part);
  if (isMessage(described.type) && depth < limits.depth) {
    addMessage(growth, source, content, body, part, place);
    if (part.disposition !== "attachment" && part.filename === "") return;
  }
  growth.leaves.push({ part, content });
}

/** RFC 2046, 5.2.1 and RFC 6532, 3.7. Parts of a split message (message/partial) cannot be read alone. */
function isMessage(type: string): boolean {
  return type === "message/rfc822" || type === "message/global";
}

const nothing: Split = { ranges: [], closed: false, limited: false };

/** Adds the parts of a multipart; false when it has none. */
function addChildren(
  growth: Growth,
  source: Source,
  described: Description,
  id: number,
  start: number,
  end: number,
  place: Place,
): boolean {
  const { limits, note, parts } = growth;
  const declared = (described.params.boundary ?? "").trimEnd();
  if (declared !== "" && place.boundaries.includes(declared)) note("duplicate-boundary", id);
  const most = limits.parts - parts.length;
  let boundary = declared;
  let split = declared === "" ? nothing : splitBody(source.text, start, end, declared, most);
  if (split.ranges.length === 0) {
    note("missing-boundary", id);
    boundary = guessBoundary(source.text, start, end);
    if (boundary !== "" && boundary !== declared) split = splitBody(source.text, start, end, boundary, most);
  }
  if (split.limited) note("limit-parts", id);
  if (split.ranges.length === 0) return false;
  if (!split.closed) note("unclosed-boundary", id);
  const inner: Place = {
    parent: id,
    depth: place.depth + 1,
    boundaries: [...place.boundaries, boundary],
    // RFC 2046, 5.1.5
    fallback: described.type === "multipart/digest" ? "message/rfc822" : "text/plain",
  };
  for (const range of split.ranges) addFrom(growth, source, range.start, range.end, inner, false);
  return true;
}

/** Adds the message that a part holds. */
function addMessage(growth: Growth, source: Source, content: Buffer, body: Buffer, part: Part, place: Place): void {
  const inner = { parent: part.id, depth: place.depth + 1, boundaries: place.boundaries, fallback: "text/plain" };
  if (content === body && source.outer === null) addFrom(growth, source, part.start, part.end, inner, true);
  else {
    const outer = { start: part.start, end: part.end };
    const decoded: Source = { bytes: content, text: content.toString("latin1"), outer };
    addFrom(growth, decoded, 0, content.length, inner, true);
  }
}

/** Adds the part that stands with its header block in [start, end). */
function addFrom(growth: Growth, source: Source, start: number, end: number, place: Place, message: boolean): void {
  const { limits, note, parts } = growth;
  const id = parts.length;
  if (id >= limits.parts) {
    note("limit-parts", place.parent);
    return;
  }
  const block = splitHeaders(source.text, start, end, limits, id, note);
  const ascii = isAscii(source.bytes.subarray(start, block.end));
  const words = wordContext(block.fields, ascii, limits, id, note);
  const headers = decodeFields(block.fields, limits, words, message);
  addPart(growth, source, block.fields, headers, block.end, end, place, words);
}
