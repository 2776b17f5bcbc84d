// Size of a picture by its header, before anybody decodes it: what a decoder allocates goes by these numbers.

export type PictureFormat = "png" | "jpeg" | "gif" | "bmp";

export interface PictureSize {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  /** Pixels of a plain picture that take as long to decode, and as much memory. */
  readonly cost: number;
}

function sized(format: PictureFormat, width: number, height: number, weight: number): PictureSize | null {
  return width === 0 || height === 0 ? null : { format, width, height, cost: width * height * weight };
}

/** PNG, 11.2.2: the first chunk. Twice the bits are twice the work. */
function sizeOfPng(bytes: Buffer): PictureSize | null {
  if (bytes.toString("latin1", 12, 16) !== "IHDR" || bytes.length < 29) return null;
  return sized("png", bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24] === 16 ? 2 : 1);
}

/** Segments of one file that are walked through before the one that has the size. */
const maxSegments = 1000;
/** Frames by differences and by arithmetic coding: not in use, and not decoded. */
const usualFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** JPEG (ITU-T T.81, B.2.2): the frame header, behind segments that name their length. */
function sizeOfJpeg(bytes: Buffer): PictureSize | null {
  let at = 2;
  for (let i = 0; i < maxSegments && at + 9 < bytes.length; i++) {
    if (bytes[at] !== 0xff) return null;
    const mark = bytes[at + 1] ?? 0;
    // Any number of fill bytes may stand before a mark (B.1.1.2).
    if (mark === 0xff) {
      at++;
      continue;
    }
    if (usualFrames.has(mark)) {
      const weight = mark === 0xc2 ? 2 : 1;
      return sized("jpeg", bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5), weight);
    }
    // The picture itself, or its end, before any size.
    if (mark < 0xc0 || (mark >= 0xd0 && mark <= 0xda)) return null;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** GIF89a, 18: the logical screen. A decoder keeps three copies of it. */
function sizeOfGif(bytes: Buffer): PictureSize | null {
  return bytes.length < 13 ? null : sized("gif", bytes.readUInt16LE(6), bytes.readUInt16LE(8), 2);
}

/** BMP: the old header has 12 bytes and its numbers two; a height below zero says that the first row is the top one. */
function sizeOfBmp(bytes: Buffer): PictureSize | null {
  if (bytes.length < 26) return null;
  if (bytes.readUInt32LE(14) === 12) return sized("bmp", bytes.readUInt16LE(18), bytes.readUInt16LE(20), 1);
  return sized("bmp", Math.abs(bytes.readInt32LE(18)), Math.abs(bytes.readInt32LE(22)), 1);
}

const readers: Readonly<Record<string, (bytes: Buffer) => PictureSize | null>> = {
  "image/png": sizeOfPng,
  "image/jpeg": sizeOfJpeg,
  "image/gif": sizeOfGif,
  "image/bmp": sizeOfBmp,
};

/** Types by the first bytes that are looked at. */
export function isPicture(detected: string): boolean {
  return Object.hasOwn(readers, detected);
}

/** Null for what is no picture, or none that is read. Never throws. */
export function sizeOfPicture(detected: string, bytes: Buffer): PictureSize | null {
  return Object.hasOwn(readers, detected) ? (readers[detected]?.(bytes) ?? null) : null;
}
