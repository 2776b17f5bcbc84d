// PNG (ISO/IEC 15948) -> rows of samples. Unpacked here and not by the decoder, for a few bytes may become any number.

import { constants, createInflateRaw } from "node:zlib";
import { onPaper, type Raster, rowBytes, samplesOf, shadeOf } from "./raster.ts";

const channelsOf: ReadonlyMap<number, Raster["channels"]> = new Map([
  [0, "grey"],
  [2, "rgb"],
  [3, "grey"],
  [4, "grey-alpha"],
  [6, "rgb-alpha"],
]);
const indexed = 3;

/** Chunks of one file that are looked at. */
const maxChunks = 10_000;

/** Bytes that come out at once. */
const chunkSize = 256 * 1024;

/**
 * Deflate in the frame of zlib (RFC 1950), whose check sum readers do not mind. What comes out, at most `most` bytes; where
 * the rest is broken or missing, what came before.
 */
export async function unpackZlib(packed: Uint8Array, most: number): Promise<Buffer> {
  const inflating = createInflateRaw({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  inflating.end(packed.subarray(2));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of inflating) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) break;
    }
  } catch {
    // What has come out counts.
  }
  return Buffer.concat(chunks, Math.min(length, most));
}

/** Undoes the filter of one row (9.2): `row` has its bytes, `above` those of the row before, undone. */
function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, pixel: number): void {
  const { length } = row;
  if (filter === 1) {
    for (let x = pixel; x < length; x++) row[x] = (row[x] ?? 0) + (row[x - pixel] ?? 0);
  } else if (filter === 2) {
    for (let x = 0; x < length; x++) row[x] = (row[x] ?? 0) + (above[x] ?? 0);
  } else if (filter === 3) {
    for (let x = 0; x < length; x++) {
      const left = x < pixel ? 0 : (row[x - pixel] ?? 0);
      row[x] = (row[x] ?? 0) + ((left + (above[x] ?? 0)) >> 1);
    }
  } else if (filter === 4) {
    for (let x = 0; x < length; x++) {
      const left = x < pixel ? 0 : (row[x - pixel] ?? 0);
      const corner = x < pixel ? 0 : (above[x - pixel] ?? 0);
      row[x] = (row[x] ?? 0) + nearest(left, above[x] ?? 0, corner);
    }
  }
}

/** Undoes the filters of rows of `length` bytes, each behind a byte that names its own; a pixel has `pixel` bytes. */
export function unfilter(packed: Uint8Array, length: number, height: number, pixel: number): Uint8Array {
  const rows = new Uint8Array(length * height);
  let above: Uint8Array = new Uint8Array(length);
  for (let y = 0; y < height; y++) {
    const from = y * (length + 1);
    if (from >= packed.length) break;
    const row = rows.subarray(y * length, (y + 1) * length);
    row.set(packed.subarray(from + 1, from + 1 + length));
    unfilterRow(packed[from] ?? 0, row, above, pixel);
    above = row;
  }
  return rows;
}

/** The neighbour that is closest to what the three suggest (9.4). */
export function nearest(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - corner - corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/** Shades of the palette (11.2.3), with what shines through it (11.3.2.1). */
function paletteOf(colours: Buffer, alphas: Buffer): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, i) => {
    const shade = shadeOf(colours[i * 3] ?? 0, colours[i * 3 + 1] ?? 0, colours[i * 3 + 2] ?? 0);
    return onPaper(shade, alphas[i] ?? 255);
  });
}

interface Chunks {
  readonly data: Buffer;
  readonly colours: Buffer;
  readonly alphas: Buffer;
}

function readChunks(bytes: Buffer): Chunks {
  const data: Buffer[] = [];
  let colours = Buffer.alloc(0);
  let alphas = Buffer.alloc(0);
  for (let at = 8, i = 0; at + 8 <= bytes.length && i < maxChunks; i++) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (type === "IDAT") data.push(content);
    else if (type === "PLTE") colours = Buffer.from(content);
    else if (type === "tRNS") alphas = Buffer.from(content);
    else if (type === "IEND") break;
    at += length + 12;
  }
  return { data: Buffer.concat(data), colours, alphas };
}

type Form = Pick<Raster, "width" | "height" | "bits" | "channels">;

/** Where the pixels of the seven passes lie (8.2): first column and row, then the steps. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The size of one pass. */
function passForm(form: Form, [x, y, stepX, stepY]: (typeof passes)[number]): Form {
  const width = Math.ceil((form.width - x) / stepX);
  const height = Math.ceil((form.height - y) / stepY);
  return { ...form, width: Math.max(0, width), height: Math.max(0, height) };
}

function isEmpty({ width, height }: Form): boolean {
  return width === 0 || height === 0;
}

/** The sample or samples of a pixel, moved from one picture to another. */
function movePixel(
  from: Uint8Array,
  fromForm: Form,
  x: number,
  y: number,
  to: Uint8Array,
  toForm: Form,
  place: number,
): void {
  const { bits, channels } = fromForm;
  const row = place - (place % toForm.width);
  const column = place - row;
  const toRow = (row / toForm.width) * rowBytes(toForm);
  const fromRow = y * rowBytes(fromForm);
  if (bits >= 8) {
    const size = (bits >> 3) * samplesOf[channels];
    for (let i = 0; i < size; i++) to[toRow + column * size + i] = from[fromRow + x * size + i] ?? 0;
    return;
  }
  const source = x * bits;
  const value = ((from[fromRow + (source >> 3)] ?? 0) >> (8 - bits - (source & 7))) & ((1 << bits) - 1);
  const target = column * bits;
  const byte = toRow + (target >> 3);
  to[byte] = (to[byte] ?? 0) | (value << (8 - bits - (target & 7)));
}

function pixelBytes({ bits, channels }: Form): number {
  return Math.max(1, (bits * samplesOf[channels]) >> 3);
}

function joinPasses(packed: Buffer, form: Form): Uint8Array {
  const rows = new Uint8Array(rowBytes(form) * form.height);
  let from = 0;
  for (const pass of passes) {
    const own = passForm(form, pass);
    if (isEmpty(own)) continue;
    const length = rowBytes(own);
    const part = unfilter(packed.subarray(from), length, own.height, pixelBytes(form));
    from += (length + 1) * own.height;
    const [firstX, firstY, stepX, stepY] = pass;
    for (let y = 0; y < own.height; y++) {
      for (let x = 0; x < own.width; x++) {
        movePixel(part, own, x, y, rows, form, (firstY + y * stepY) * form.width + firstX + x * stepX);
      }
    }
  }
  return rows;
}

/** Null for what no reader shows. Whoever calls has looked at the size. */
export async function readPng(bytes: Buffer): Promise<Raster | null> {
  const type = bytes[25] ?? 0;
  const channels = channelsOf.get(type);
  const bits = bytes[24] ?? 0;
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(bits) || (bits < 8 && channels !== "grey")) return null;
  const form = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), bits, channels };
  const interlaced = bytes[28] === 1;
  const { data, colours, alphas } = readChunks(bytes);
  // Seven passes have up to seven times as many rows, each with a byte for its filter.
  const most = (rowBytes(form) + 16) * (form.height + 16) * 2;
  const packed = await unpackZlib(data, most);
  const rows = interlaced ? joinPasses(packed, form) : unfilter(packed, rowBytes(form), form.height, pixelBytes(form));
  return type === indexed ? { ...form, palette: paletteOf(colours, alphas), rows } : { ...form, rows };
}
