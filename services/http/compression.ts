// Compression of requests and replies: zstd as Rspamd's clients use it, gzip as HTTP knows it (R 1.2, 1.5).

import { promisify } from "node:util";
import { constants, createZstdDecompress, gunzip, gzip, zstdCompress } from "node:zlib";
import { Fault } from "../../shared/fault.ts";
import { tooLarge } from "./body.ts";
import type { RequestFields } from "./request-fields.ts";

const inflateGzip = promisify(gunzip);
const deflateZstd = promisify(zstdCompress);
const deflateGzip = promisify(gzip);

/** RFC 8878, 3.1.1: the first bytes of a frame. No mail begins with them. */
const zstdMagic = 0xfd2fb528;
/** RFC 8878, 3.1.2: those of a frame without content, but for four bits. */
const skippableMagic = 0x184d2a50;
/** Programs that compress in parallel make a frame of each megabyte or so. */
const mostFrames = 1_000;

export type Encoding = "zstd" | "gzip";

/** How the body is compressed by what the headers say, or by its first bytes; null when it is not. */
export function bodyEncoding(fields: RequestFields, bytes: Buffer): Encoding | null {
  const said = (fields.first.get("compression") ?? fields.first.get("content-encoding") ?? "").trim().toLowerCase();
  if (said === "zstd") return "zstd";
  if (said === "gzip" || said === "x-gzip") return "gzip";
  if (said !== "" && said !== "identity") throw new Fault("bad-input", "the compression of the body is not understood");
  return bytes.length >= 4 && bytes.readUInt32LE(0) === zstdMagic ? "zstd" : null;
}

/** So many bodies grow at once, and no more: each may become as large as a message may be. */
const growing = 4;
let free = growing;
const waiting: (() => void)[] = [];

/** Bytes that come out at a time, each time by way of another thread: in small pieces a large body takes five times as long. */
function pieceSize(bytes: Buffer): number {
  return bytes.length < 16_384 ? 16_384 : 262_144;
}

/** Decompresses a body to at most `limit` bytes. Faults: `too-large`, and `bad-input` for what cannot be read. */
export async function decompress(bytes: Buffer, encoding: Encoding, limit: number): Promise<Buffer> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    if (encoding === "gzip") return await inflateGzip(bytes, { maxOutputLength: limit, chunkSize: pieceSize(bytes) });
    // A frame of a few bytes may ask for a window of 128 MB: never more than a message may have, or 8 MB, which every
    // decoder should support (RFC 8878, 3.1.1.1.2).
    const window = Math.min(27, Math.max(23, Math.ceil(Math.log2(limit))));
    const params = { [constants.ZSTD_d_windowLogMax]: window };
    return await inflateFrames(bytes, limit, params);
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLarge(limit);
    throw new Fault("bad-input", `the body is no readable ${encoding}`, thrown);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

type ZstdParams = Readonly<Record<number, number>>;

/** A body is all of its frames (RFC 8878, 3): a mail of which only the beginning was looked at must not pass. Node decodes all
 *  since version 26; before, the first, and drops what follows without a word. */
async function inflateFrames(bytes: Buffer, limit: number, params: ZstdParams): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let at = 0;
  let size = 0;
  for (let frames = 0; at < bytes.length; frames++) {
    if (frames === mostFrames) throw new Error(`more than ${mostFrames} frames`);
    const skipped = skippableSize(bytes, at);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const frame = await inflateFrame(bytes.subarray(at), limit - size, params);
    at += frame.length;
    size += frame.content.length;
    pieces.push(frame.content);
  }
  const [only] = pieces;
  if (at > bytes.length || only === undefined) throw new Error("the last frame is not whole");
  return pieces.length === 1 ? only : Buffer.concat(pieces, size);
}

/** The frames that Node decodes of `bytes`: what is in them, and how many bytes they take up. RangeError when it grows beyond `limit`. */
function inflateFrame(bytes: Buffer, limit: number, params: ZstdParams): Promise<{ content: Buffer; length: number }> {
  return new Promise((resolve, reject) => {
    const engine = createZstdDecompress({ params, chunkSize: pieceSize(bytes) });
    const pieces: Buffer[] = [];
    let size = 0;
    engine.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > limit) engine.destroy(new RangeError("larger than the limit"));
      else pieces.push(piece);
    });
    engine.once("error", reject);
    engine.once("end", () => {
      if (engine.bytesWritten > 0) resolve({ content: Buffer.concat(pieces, size), length: engine.bytesWritten });
      else reject(new Error("an empty frame"));
    });
    engine.end(bytes);
  });
}

/** Bytes of a frame that decoders pass over (RFC 8878, 3.1.2), 0 when there is none at `at`. */
function skippableSize(bytes: Buffer, at: number): number {
  if (bytes.length - at < 8 || (bytes.readUInt32LE(at) & 0xfffffff0) >>> 0 !== skippableMagic) return 0;
  return 8 + bytes.readUInt32LE(at + 4);
}

/** Shorter replies go as they are: compressing them costs more than it saves. */
export const worthCompressing = 1024;

/** The best of our encodings that `Accept-Encoding` allows (RFC 9110, 12.5.3), or null. */
export function acceptedEncoding(header: string | undefined): Encoding | null {
  if (header === undefined) return null;
  let gzipAllowed = false;
  for (const piece of header.split(",", 32)) {
    const [name = "", ...parameters] = piece.toLowerCase().split(";");
    if (parameters.some((parameter) => /^\s*q\s*=\s*0(?:\.0{0,3})?\s*$/.test(parameter))) continue;
    if (name.trim() === "zstd") return "zstd";
    if (name.trim() === "gzip") gzipAllowed = true;
  }
  return gzipAllowed ? "gzip" : null;
}

export function compress(bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  return encoding === "zstd" ? deflateZstd(bytes) : deflateGzip(bytes);
}
