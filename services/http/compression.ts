// Compression of requests and replies: zstd as Rspamd's clients use it, gzip as HTTP knows it (R 1.2, 1.5).

import { promisify } from "node:util";
import { constants, gunzip, gzip, zstdCompress, zstdDecompress } from "node:zlib";
import { Fault } from "../../shared/fault.ts";
import { tooLarge } from "./body.ts";
import type { RequestFields } from "./request-fields.ts";

const inflateZstd = promisify(zstdDecompress);
const inflateGzip = promisify(gunzip);
const deflateZstd = promisify(zstdCompress);
const deflateGzip = promisify(gzip);

/** RFC 8878, 3.1.1: the first bytes of a frame. No mail begins with them. */
const zstdMagic = 0xfd2fb528;

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

/** Decompresses a body to at most `limit` bytes. Faults: `too-large`, and `bad-input` for what cannot be read. */
export async function decompress(bytes: Buffer, encoding: Encoding, limit: number): Promise<Buffer> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    if (encoding === "gzip") return await inflateGzip(bytes, { maxOutputLength: limit });
    // A frame of a few bytes may ask for a window of 128 MB: never more than a message may have, or 8 MB, which every
    // decoder should support (RFC 8878, 3.1.1.1.2).
    const window = Math.min(27, Math.max(23, Math.ceil(Math.log2(limit))));
    const params = { [constants.ZSTD_d_windowLogMax]: window };
    return await inflateZstd(bytes, { maxOutputLength: limit, params });
  } catch (thrown) {
    if (thrown instanceof RangeError) throw tooLarge(limit);
    throw new Fault("bad-input", `the body is no readable ${encoding}`, thrown);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
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
