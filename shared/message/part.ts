// The part tree of a message (RFC 2046): multiparts and messages within each other, depth first.

import { isAscii } from "node:buffer";
import type { Part, Reading } from "../task.ts";
import { guessBoundary, type Range, type Split, splitBody } from "./boundary.ts";
import { type Description, describe } from "./content-type.ts";
import { decodeFields, wordContext } from "./fields.ts";
import { detectType } from "./file-type.ts";
import {
  addReading,
  decodedSource,
  digest,
  type Entity,
  type Growth,
  noteFor,
  type Place,
  type Source,
  type Tree,
} from "./growth.ts";
import { type HeaderBlock, type RawField, splitHeaders } from "./header.ts";
import type { Limits } from "./limits.ts";
import type { LineEnds } from "./line-end.ts";
import {
  beginsWithField,
  beginsWithMime,
  differenceOf,
  doubtfulMark,
  isTelling,
  otherEncoding,
  otherName,
  retell,
  versionsDiffer,
} from "./reading.ts";
import { decodeTransfer, isEncoding, otherBase64 } from "./transfer.ts";
import type { WordContext } from "./word.ts";

/** Parts whose parent is `id`, second readings left out. */
export function children(parts: readonly Part[], id: number): readonly Part[] {
  return parts.filter((part) => part.parent === id && part.reading === parts[id]?.reading);
}

/** Grows the tree of a message with this header block. */
export function growTree(
  bytes: Buffer,
  text: string,
  block: HeaderBlock,
  lineEnds: LineEnds,
  limits: Limits,
  words: WordContext,
): Tree {
  const left = { readings: limits.readings, bytes: 2 * bytes.length };
  const growth: Growth = { limits, note: words.note, parts: [], leaves: [], left };
  const place: Place = { parent: -1, depth: 0, boundaries: [], fallback: "text/plain", reading: null };
  const entity: Entity = { source: { bytes, text, outer: null }, headers: [], start: block.end, end: bytes.length };
  addPart(growth, entity, block.fields, place, words);
  const told = retell(text, block.end, lineEnds);
  if (told !== null) {
    const source = decodedSource(told, block.end, bytes.length);
    addReading(growth, "ambiguous-header", 0, place, told.length, "", (inner) => {
      addFrom(growth, source, 0, told.length, inner, true);
    });
  }
  return growth;
}

/** Adds a part with these fields, in every way that they can be read. */
function addPart(growth: Growth, entity: Entity, fields: readonly RawField[], place: Place, words: WordContext): void {
  const id = growth.parts.length;
  const { description, others, unreadable } = describe(fields, place.fallback, growth.limits, words);
  addDescribed(growth, entity, description, place);
  if (place.reading !== null) return;
  const size = entity.end - entity.start;
  const read = (kind: Reading, detail: string, other: Description) => {
    addReading(growth, kind, id, place, size, detail, (inner) => addDescribed(growth, entity, other, inner));
  };
  if (others.length > 0) {
    const body = entity.source.bytes.subarray(entity.start, entity.end);
    const known = [description];
    for (const other of others) {
      const kinds = known.map((one) => differenceOf(one, other, body));
      const [kind = null] = kinds;
      if (kind === null || kinds.includes(null)) continue;
      known.push(other);
      read(kind, kind === "ambiguous-type" ? other.type : "", other);
    }
  }
  const { type, encoding, disposition } = description;
  const filename = otherName(description);
  if (filename !== "") read("ambiguous-filename", "", { ...description, filename });
  if (encoding !== "" && !isEncoding(encoding)) {
    const meant = otherEncoding(encoding);
    if (meant !== "") read("ambiguous-encoding", meant, { ...description, encoding: meant });
  }
  if (id === 0 && type !== "text/plain" && versionsDiffer(fields)) read("ambiguous-type", "mime-version", plainText);
  // Where the type cannot be read, readers look at the content.
  const html = unreadable && type === "text/plain" && growth.parts[id]?.detected === "text/html";
  if (html && disposition !== "attachment") read("ambiguous-type", "text/html", { ...description, type: "text/html" });
}

function addDescribed(growth: Growth, entity: Entity, described: Description, place: Place): void {
  const { limits, parts } = growth;
  const { source, headers, start, end } = entity;
  const note = noteFor(growth, place);
  const id = parts.length;
  const { parent, depth, reading } = place;
  const range = source.outer ?? { start, end };
  const shape: Omit<Part, "size" | "detected" | "digest"> = {
    id,
    parent,
    depth,
    ...described,
    headers,
    start: range.start,
    end: range.end,
    ...(reading === null ? null : { reading }),
  };
  const { type, encoding } = described;
  const body = source.bytes.subarray(start, end);
  const multipart = type.startsWith("multipart/");
  const message = (isMessage(type) || isMessageFile(described, body)) && reading !== "ambiguous-filename";
  if ((multipart || message) && depth >= limits.depth) note("limit-depth", id);
  else if (multipart) {
    const part: Part = { ...shape, size: 0, detected: "", digest: "" };
    parts.push(part);
    if (!addChildren(growth, source, described, id, start, end, place)) {
      // No reader sees parts here, but some show the body as text.
      growth.leaves.push({ part, content: body });
    }
    // RFC 2045, 6.4: a multipart is not encoded as a whole. Some readers decode it all the same.
    if (encoding !== "base64" && encoding !== "quoted-printable") return;
    note("bad-encoding", id);
    const content = decodeTransfer(body, encoding).bytes;
    if (content === body) return;
    addReading(growth, "ambiguous-encoding", id, place, body.length, encoding, (inner) => {
      const decoded = decodedSource(content, range.start, range.end);
      const whole = { source: decoded, headers: [], start: 0, end: content.length };
      addDescribed(growth, whole, { ...described, encoding: "" }, inner);
    });
    return;
  }

  const { bytes: content, flaw } = decodeTransfer(body, encoding);
  if (flaw !== null) note(flaw, id);
  const sevenBit = encoding === "" || encoding === "7bit";
  if (sevenBit && !isAscii(body)) note("eight-bit-body", id);
  const part: Part = { ...shape, size: content.length, detected: detectType(content), digest: digest(content) };
  parts.push(part);
  const file = part.disposition === "attachment" || part.filename !== "";
  if (message && depth < limits.depth) addMessage(growth, source, content, body, part, place);
  if (!message || depth >= limits.depth || file) growth.leaves.push({ part, content });
  if (reading === null) addOtherContents(growth, entity, part, content, flaw === "bad-base64", place);
}

/** Second readings that show in the content of a part. */
function addOtherContents(
  growth: Growth,
  entity: Entity,
  part: Part,
  content: Buffer,
  badBase64: boolean,
  place: Place,
): void {
  const { id, type, start, end } = part;
  const leaf = (kind: Reading, detail: string, bytes: Buffer) => {
    addReading(growth, kind, id, place, bytes.length, detail, (inner) => {
      addContent(growth, part, bytes, inner);
    });
  };
  if (badBase64) {
    const body = entity.source.bytes.subarray(entity.start, entity.end);
    for (const other of otherBase64(body)) if (!other.equals(content)) leaf("ambiguous-encoding", "base64", other);
  }
  if (type === "text/plain" || type === "text/html") {
    const label = part.params.charset ?? "";
    if (doubtfulMark(content, label)) leaf("ambiguous-charset", "byte-order-mark", content.subarray(2));
  }
  if (type === "text/plain" && part.disposition !== "attachment" && beginsWithMime(content)) {
    addReading(growth, "ambiguous-type", id, place, content.length, "header block", (inner) => {
      const text = Buffer.from(content.toString("latin1", 0, 200).trimStart(), "latin1");
      const blanks = Math.min(content.length, 200) - text.length;
      addFrom(growth, decodedSource(content, start, end), blanks, content.length, inner, false);
    });
  }
  if (isMessage(type) && content !== entity.source.bytes && part.encoding !== "") {
    // RFC 2046, 5.2.1: a message is not encoded either.
    const body = entity.source.bytes.subarray(entity.start, entity.end);
    if (!content.equals(body) && beginsWithField(body)) {
      addReading(growth, "ambiguous-encoding", id, place, body.length, part.encoding, (inner) => {
        addFrom(growth, decodedSource(body, start, end), 0, body.length, inner, true);
      });
    }
  }
}

/** Adds another content of a part as a second reading of it. */
function addContent(growth: Growth, part: Part, content: Buffer, place: Place): void {
  const { parent, depth, reading } = place;
  const id = growth.parts.length;
  const size = content.length;
  const shape = { ...part, id, parent, depth, size, detected: detectType(content), digest: digest(content) };
  const other: Part = reading === null ? shape : { ...shape, reading };
  growth.parts.push(other);
  growth.leaves.push({ part: other, content });
}

/** RFC 2046, 5.2.1 and RFC 6532, 3.7. Parts of a split message (message/partial) cannot be read alone. */
function isMessage(type: string): boolean {
  return type === "message/rfc822" || type === "message/global";
}

/** A mail that is attached as a file of no type: readers open it as what it is called. */
function isMessageFile({ type, filename, encoding }: Description, body: Buffer): boolean {
  if (type !== "application/octet-stream" || !/\.eml$/i.test(filename)) return false;
  return beginsWithField(decodeTransfer(body.subarray(0, 200), encoding).bytes);
}

const nothing: Split = { ranges: [], closed: false, limited: false, first: -1, rest: -1 };

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
  const { limits, parts } = growth;
  const note = noteFor(growth, place);
  const declared = (described.params.boundary ?? "").trimEnd();
  if (declared !== "" && place.boundaries.includes(declared)) note("duplicate-boundary", id);
  const most = limits.parts - parts.length;
  let boundary = declared;
  let split = declared === "" ? nothing : splitBody(source.text, start, end, declared, most);
  const guessed = split.ranges.length === 0;
  if (guessed) {
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
    reading: place.reading,
  };
  for (const range of split.ranges) addFrom(growth, source, range.start, range.end, inner, false);
  if (place.reading !== null) return true;
  const around = { ...place, boundaries: inner.boundaries, fallback: inner.fallback };
  // Readers that ask for the boundary that was declared show everything as text.
  if (guessed) addText(growth, source, "ambiguous-boundary", "missing", start, end, id, around);
  else if (split.first > start && isTelling(source.text.slice(start, split.first))) {
    addText(growth, source, "outside-text", "before", start, split.first, id, around);
  }
  if (split.rest !== -1 && split.rest < end) addRest(growth, source, boundary, split.rest, end, id, around);
  return true;
}

/** Closing boundary lines of one multipart that are read on after. */
const maxClosed = 100;

/** What follows the closing boundary line: more parts for readers that do not stop there, or text. */
function addRest(
  growth: Growth,
  source: Source,
  boundary: string,
  start: number,
  end: number,
  id: number,
  place: Place,
): void {
  const { limits, parts } = growth;
  let from = start;
  const more: Range[] = [];
  for (let closed = 0; from !== -1 && from < end && closed < maxClosed; closed++) {
    const split = splitBody(source.text, from, end, boundary, limits.parts - parts.length - more.length);
    more.push(...split.ranges);
    from = split.rest;
  }
  if (more.length > 0) {
    addReading(growth, "ambiguous-boundary", id, place, end - start, "closed", (inner) => {
      for (const range of more) addFrom(growth, source, range.start, range.end, inner, false);
    });
  } else if (isTelling(source.text.slice(start, end))) {
    addText(growth, source, "outside-text", "behind", start, end, id, place);
  }
}

/** Adds [start, end) as plain text: a second reading of part `id`. */
function addText(
  growth: Growth,
  source: Source,
  kind: Reading,
  detail: string,
  start: number,
  end: number,
  id: number,
  place: Place,
): void {
  addReading(growth, kind, id, place, end - start, detail, (inner) => {
    addDescribed(growth, { source, headers: [], start, end }, plainText, inner);
  });
}

const plainText: Description = {
  type: "text/plain",
  declared: false,
  params: {},
  disposition: "",
  dispositionParams: {},
  filename: "",
  encoding: "",
  contentId: "",
};

/** Adds the message that a part holds. */
function addMessage(growth: Growth, source: Source, content: Buffer, body: Buffer, part: Part, place: Place): void {
  const inner: Place = { ...place, parent: part.id, depth: place.depth + 1, fallback: "text/plain" };
  if (content === body && source.outer === null) addFrom(growth, source, part.start, part.end, inner, true);
  else addFrom(growth, decodedSource(content, part.start, part.end), 0, content.length, inner, true);
}

/** Adds the part that stands with its header block in [start, end). */
function addFrom(growth: Growth, source: Source, start: number, end: number, place: Place, message: boolean): void {
  const { limits, parts } = growth;
  const note = noteFor(growth, place);
  const id = parts.length;
  if (id >= limits.parts) {
    note("limit-parts", place.parent);
    return;
  }
  const block = splitHeaders(source.text, start, end, limits, id, note);
  const ascii = isAscii(source.bytes.subarray(start, block.end));
  const words = wordContext(block.fields, ascii, limits, id, note);
  const headers = decodeFields(block.fields, limits, words, message);
  addPart(growth, { source, headers, start: block.end, end }, block.fields, place, words);
}
