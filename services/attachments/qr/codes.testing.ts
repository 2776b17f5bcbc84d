// Codes as pictures of every form, for tests. All of them say the same.

import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
import { rowBytes, type Shades, samplesOf } from "./raster.ts";

export const saying = "https://login.example.net/a?b=c";

prepareZXingModule({
  overrides: {
    wasmBinary: new Uint8Array(readFileSync(new URL(import.meta.resolve("zxing-wasm/writer/zxing_writer.wasm"))))
      .buffer,
  },
});

/** Shades of a code with `scale` pixels for a module, and white around it. */
export async function codeOf(text: string, scale = 3): Promise<Shades> {
  const { symbol } = await writeBarcode(text, { format: "QRCode" });
  const margin = 4;
  const side = (symbol.width + 2 * margin) * scale;
  const shades = new Uint8Array(side * side).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const column = Math.floor(x / scale) - margin;
      const row = Math.floor(y / scale) - margin;
      if (column < 0 || row < 0 || column >= symbol.width || row >= symbol.height) continue;
      shades[y * side + x] = symbol.data[row * symbol.width + column] ?? 0;
    }
  }
  return { width: side, height: side, shades };
}

export interface SampleForm {
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly channels: "grey" | "grey-alpha" | "rgb" | "rgb-alpha" | "cmyk";
  /** Samples are indices: 1 for white, 0 for black. */
  readonly indexed?: boolean;
  /** Black is drawn, and the paper shines through the rest. */
  readonly transparent?: boolean;
}

/** Samples of one pixel. */
function samples(white: boolean, { bits, channels, indexed, transparent }: SampleForm): readonly number[] {
  const most = 2 ** bits - 1;
  const shade = indexed ? Number(white) : white && !transparent ? most : 0;
  const alpha = white && transparent ? 0 : most;
  if (channels === "grey") return [shade];
  if (channels === "grey-alpha") return [shade, alpha];
  if (channels === "rgb") return [shade, shade, shade];
  return channels === "cmyk" ? [0, 0, 0, most - shade] : [shade, shade, shade, alpha];
}

/** Rows of samples, without filters. */
export function rowsOf({ width, height, shades }: Shades, form: SampleForm): Buffer {
  const length = rowBytes({ width, ...form });
  const rows = Buffer.alloc(length * height);
  const count = samplesOf[form.channels];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [i, sample] of samples((shades[y * width + x] ?? 0) > 127, form).entries()) {
        const place = (x * count + i) * form.bits;
        const at = y * length + (place >> 3);
        if (form.bits === 16) rows.writeUInt16BE(sample, at);
        else rows[at] = (rows[at] ?? 0) | (sample << (8 - form.bits - (place & 7)));
      }
    }
  }
  return rows;
}

/** Puts a filter in front of each row, the five of PNG in turn, and applies it. */
export function filtered(rows: Buffer, length: number, pixel: number): Buffer {
  const height = rows.length / length;
  const out = Buffer.alloc((length + 1) * height);
  for (let y = 0; y < height; y++) {
    const filter = y % 5;
    out[y * (length + 1)] = filter;
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x < pixel ? 0 : (rows[at - pixel] ?? 0);
      const above = y === 0 ? 0 : (rows[at - length] ?? 0);
      const corner = x < pixel || y === 0 ? 0 : (rows[at - length - pixel] ?? 0);
      const guess = left + above - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? above : corner;
      const base = [0, left, above, (left + above) >> 1, paeth][filter] ?? 0;
      out[y * (length + 1) + 1 + x] = (rows[at] ?? 0) - base;
    }
  }
  return out;
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const types = { grey: 0, rgb: 2, "grey-alpha": 4, "rgb-alpha": 6 } as const;

/** First column and row of each pass of an interlaced picture, and the steps (PNG, 8.2). */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function passesOf(code: Shades): readonly Shades[] {
  return passes.map(([firstX, firstY, stepX, stepY]) => {
    const shades: number[] = [];
    let height = 0;
    for (let y = firstY; y < code.height; y += stepY, height++) {
      for (let x = firstX; x < code.width; x += stepX) shades.push(code.shades[y * code.width + x] ?? 0);
    }
    return { width: shades.length / height, height, shades: Uint8Array.from(shades) };
  });
}

export function pngOf(
  code: Shades,
  form: SampleForm & { readonly channels: keyof typeof types },
  { interlaced = false, tail = Buffer.alloc(0) } = {},
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(code.width, 0);
  header.writeUInt32BE(code.height, 4);
  header[8] = form.bits;
  header[9] = form.indexed ? 3 : types[form.channels];
  header[12] = Number(interlaced);
  const pixel = Math.max(1, (form.bits * samplesOf[form.channels]) >> 3);
  const packed = (interlaced ? passesOf(code) : [code]).map((one) =>
    filtered(rowsOf(one, form), rowBytes({ width: one.width, ...form }), pixel),
  );
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...(form.indexed ? [chunk("PLTE", Buffer.from([0, 0, 0, 255, 255, 255]))] : []),
    chunk("IDAT", deflateSync(Buffer.concat([...packed, tail]))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** 24 bits, the rows from the bottom up. */
export function bmpOf({ width, height, shades }: Shades): Buffer {
  const length = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(54 + length * height);
  file.write("BM", "latin1");
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(54, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      file.fill(shades[(height - 1 - y) * width + x] ?? 0, 54 + y * length + x * 3, 54 + y * length + x * 3 + 3);
    }
  }
  return file;
}

/** Two colours; the codes of LZW stay at three bits, for it begins anew before there are enough of them. */
export function gifOf({ width, height, shades }: Shades): Buffer {
  const header = Buffer.from("GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff", "latin1");
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const frame = Buffer.from(",\0\0\0\0\0\0\0\0\0\x02", "latin1");
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(height, 7);
  const codes: number[] = [];
  for (const [at, shade] of shades.entries()) {
    if (at % 2 === 0) codes.push(4);
    codes.push(shade > 127 ? 1 : 0);
  }
  codes.push(5);
  const bytes = Buffer.alloc(Math.ceil((codes.length * 3) / 8));
  for (const [at, code] of codes.entries()) {
    for (let bit = 0; bit < 3; bit++) {
      const place = at * 3 + bit;
      bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (((code >> bit) & 1) << (place & 7));
    }
  }
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([header, frame, ...blocks, Buffer.from([0, 0x3b])]);
}

/** Four bytes as five characters. */
export function ascii85(bytes: Buffer): Buffer {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const rest = Math.min(4, bytes.length - at);
    const group = Buffer.concat([bytes.subarray(at, at + rest), Buffer.alloc(4 - rest)]);
    let value = group.readUInt32BE();
    let five = "";
    for (let i = 0; i < 5; i++) {
      five = String.fromCharCode(33 + (value % 85)) + five;
      value = Math.floor(value / 85);
    }
    text += five.slice(0, rest + 1);
  }
  return Buffer.from(`${text}~>`, "latin1");
}
