// Filters of streams in a PDF (ISO 32000-1, 7.4), in whatever order they are chained.

import { inflate } from "../../shared/archive/inflate.ts";
import { type Effort, spend } from "./effort.ts";
import { numberOf } from "./pdf-number.ts";
import { nearest } from "./qr/png.ts";

/** How the bytes of a stream are packed. */
export type PdfFilter = "ascii85" | "hex" | "flate" | "lzw" | "run-length" | "jpeg";

const filterNames: ReadonlyMap<string, PdfFilter> = new Map([
  ["ASCII85Decode", "ascii85"],
  ["A85", "ascii85"],
  ["ASCIIHexDecode", "hex"],
  ["AHx", "hex"],
  ["FlateDecode", "flate"],
  ["Fl", "flate"],
  ["LZWDecode", "lzw"],
  ["LZW", "lzw"],
  ["RunLengthDecode", "run-length"],
  ["RL", "run-length"],
  ["DCTDecode", "jpeg"],
  ["DCT", "jpeg"],
]);

const mostFilters = 4;

/** The filters of a stream, the outermost first; null when one of them is not known here, or there are too many. */
export function filtersOf(dictionary: string): readonly PdfFilter[] | null {
  const found = /\/Filter\s{0,5}(\/\w{1,20}|\[[^\]]{0,200}\])/.exec(dictionary)?.[1] ?? "";
  const filters: PdfFilter[] = [];
  for (const [, name = ""] of found.matchAll(/\/(\w{1,20})/g)) {
    const filter = filterNames.get(name);
    if (filter === undefined || filters.length >= mostFilters) return null;
    filters.push(filter);
  }
  return filters;
}

/** Groups of five characters for four bytes (7.4.3); "z" stands for four zeros. */
export function decodeAscii85(text: Buffer, most: number): Buffer {
  const out = Buffer.alloc(Math.min(most, text.length * 4));
  let length = 0;
  let group = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text[at] ?? 0;
    if (code === 126 || length + 4 > out.length) break;
    if (code === 122 && count === 0) {
      length += 4;
      continue;
    }
    if (code < 33 || code > 117) continue;
    group = group * 85 + (code - 33);
    if (++count < 5) continue;
    out.writeUInt32BE(group % 0x1_0000_0000, length);
    length += 4;
    group = 0;
    count = 0;
  }
  if (count > 1 && length + 4 <= out.length) {
    for (let i = count; i < 5; i++) group = group * 85 + 84;
    out.writeUInt32BE(group % 0x1_0000_0000, length);
    length += count - 1;
  }
  return out.subarray(0, length);
}

export function decodeHex(text: Buffer): Buffer {
  const digits = text
    .toString("latin1")
    .replace(/>.*$/s, "")
    .replace(/[^0-9A-Fa-f]+/g, "");
  return Buffer.from(digits.length % 2 === 1 ? `${digits}0` : digits, "hex");
}

/** A count below 128 and so many bytes and one, or one above and a byte to repeat (7.4.5). */
function decodeRunLength(bytes: Buffer, most: number): Buffer {
  const out = Buffer.allocUnsafe(Math.min(most, bytes.length * 64));
  let length = 0;
  for (let at = 0; at < bytes.length && length < out.length; ) {
    const count = bytes[at++] ?? 128;
    if (count === 128) break;
    if (count < 128) {
      length += bytes.copy(out, length, at, at + count + 1);
      at += count + 1;
    } else {
      const end = Math.min(out.length, length + 257 - count);
      out.fill(bytes[at++] ?? 0, length, end);
      length = end;
    }
  }
  return out.subarray(0, length);
}

const clearCode = 256;
const endCode = 257;

/** LZW as TIFF has it, the highest bits first (7.4.4.2); codes grow one early. */
function decodeLzw(bytes: Buffer, most: number): Buffer {
  const out = Buffer.allocUnsafe(most);
  let length = 0;
  // Where the string of each code stands in what is written, and how long it is.
  const starts = new Uint32Array(4096);
  const lengths = new Uint32Array(4096);
  let next = endCode + 1;
  let width = 9;
  let last = -1;
  let lastStart = 0;
  let lastLength = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; length < most; ) {
    while (bits < width && at < bytes.length) {
      held = ((held << 8) | (bytes[at++] ?? 0)) & 0xffffff;
      bits += 8;
    }
    if (bits < width) break;
    const code = (held >> (bits - width)) & ((1 << width) - 1);
    bits -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      next = endCode + 1;
      width = 9;
      last = -1;
      continue;
    }
    if (code > next || (code === next && last === -1)) break;
    const start = length;
    if (code < clearCode) out[length++] = code;
    else {
      const isNew = code === next;
      const from = isNew ? lastStart : (starts[code] ?? 0);
      const count = Math.min(isNew ? lastLength + 1 : (lengths[code] ?? 0), most - length);
      for (let i = 0; i < count; i++) out[length++] = out[from + i] ?? 0;
    }
    if (last !== -1 && next < 4096) {
      starts[next] = lastStart;
      lengths[next++] = lastLength + 1;
    }
    last = code;
    lastStart = start;
    lastLength = length - start;
    if (next + 1 >= 1 << width && width < 12) width++;
  }
  return out.subarray(0, length);
}

/** What it costs to make a byte: of all but Flate the decoders are our own. */
const decodedCost = 5;
/** What room for the output costs, however little comes out. */
const roomCost = 2000;

/**
 * Unpacks a stream, at most `most` bytes at each step; `work` is the bytes that were made. With filters that are not known,
 * for they stand elsewhere, the bytes tell whether they are packed.
 */
export function decodeStream(
  content: Buffer,
  filters: readonly PdfFilter[] | null,
  most: number,
  effort: Effort,
): { readonly bytes: Buffer; readonly work: number } {
  let bytes = content;
  let work = 0;
  const isZlib = ((content[0] ?? 0) & 15) === 8 && content.length > 2 && content.readUInt16BE(0) % 31 === 0;
  for (const filter of filters ?? (isZlib ? ["flate" as const] : [])) {
    if (effort.left <= 0 || bytes.length === 0) break;
    const input = bytes.subarray(0, most * 4);
    if (filter === "flate") {
      const unpacked = inflate(bytes, "zlib", most);
      bytes = unpacked.bytes;
      work += unpacked.work;
      spend(effort, unpacked.work * decodedCost);
      continue;
    }
    if (filter === "jpeg") break;
    if (filter === "ascii85") bytes = decodeAscii85(input, most);
    else if (filter === "hex") bytes = decodeHex(input).subarray(0, most);
    else if (filter === "lzw") bytes = decodeLzw(input, Math.min(most, input.length * 1024));
    else bytes = decodeRunLength(input, most);
    const made = input.length + bytes.length;
    spend(effort, roomCost);
    work += made;
    spend(effort, made * decodedCost);
  }
  return { bytes: bytes.subarray(0, most), work };
}

/** What a filter of PNG takes a byte for (ISO/IEC 15948, 9.2). */
function guess(kind: number, left: number, above: number, corner: number): number {
  if (kind === 1) return left;
  if (kind === 2) return above;
  if (kind === 3) return (left + above) >> 1;
  return kind === 4 ? nearest(left, above, corner) : 0;
}

/** Undoes what was done to the bytes so that they pack better (7.4.4.4): one byte a sample, as object streams have it. */
export function undoPredictor(bytes: Buffer, dictionary: string): Buffer {
  const predictor = numberOf(dictionary, "Predictor") ?? 1;
  if (predictor < 2) return bytes;
  const pixel = Math.max(1, numberOf(dictionary, "Colors") ?? 1);
  const row = Math.max(1, numberOf(dictionary, "Columns") ?? 1) * pixel;
  const out = Buffer.alloc(bytes.length);
  const head = predictor >= 10 ? 1 : 0;
  let to = 0;
  for (let at = 0; at < bytes.length; at += row + head) {
    // Readers believe the tag of the row, not the number.
    const kind = head === 0 ? 1 : (bytes[at] ?? 0);
    const start = to;
    for (let x = 0; x < row && at + head + x < bytes.length; x++, to++) {
      const left = x < pixel ? 0 : (out[to - pixel] ?? 0);
      const above = start < row ? 0 : (out[to - row] ?? 0);
      const corner = x < pixel || start < row ? 0 : (out[to - row - pixel] ?? 0);
      out[to] = (bytes[at + head + x] ?? 0) + guess(kind, left, above, corner);
    }
  }
  return out.subarray(0, to);
}
