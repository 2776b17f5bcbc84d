// zlib and zstd within limits: broken and oversized input yields the bytes that come out before that.

import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { nothingUnpacked, type Unpacked } from "./archive.ts";

/** Deflate makes at most 1,032 bytes of one. */
const deflateRatio = 1032;

type Format = "raw" | "zlib" | "gzip" | "zstd";

function decode(packed: Buffer, format: Format, maxOutputLength: number): Buffer {
  if (format === "zstd") {
    return zstdDecompressSync(packed, { maxOutputLength, finishFlush: constants.ZSTD_e_flush });
  }
  // Input that ends early is no error with this: what has come out counts.
  const options = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
  if (format === "raw") return inflateRawSync(packed, options);
  return format === "zlib" ? inflateSync(packed, options) : gunzipSync(packed, options);
}

/** Output of so many bytes of the input; null when it is broken or longer than `most`. */
function attempt(packed: Buffer, format: Format, most: number): Buffer | null {
  try {
    return decode(packed, format, most);
  } catch {
    return null;
  }
}

/** Unpacks at most `most` bytes. Node keeps no output when it meets an error, so then less of the input is tried. */
export function inflate(packed: Buffer, format: Format, most: number): Unpacked {
  if (packed.length === 0 || most <= 0) return nothingUnpacked;
  const whole = attempt(packed, format, most);
  if (whole !== null) return { bytes: whole, whole: true, work: whole.length };
  const work = Math.min(most, packed.length * deflateRatio) * 2;
  const safe = Math.max(64, Math.floor(most / deflateRatio));
  for (let length = Math.min(packed.length, safe); length >= 32; length = length >> 2) {
    const some = attempt(packed.subarray(0, length), format, most);
    if (some !== null && some.length > 0) return { bytes: some, whole: false, work };
  }
  return { ...nothingUnpacked, work };
}

/** The first bytes of the output, for the price of the first bytes of the input. */
export function inflateHead(packed: Buffer, format: Format, most: number): Unpacked {
  const head = packed.subarray(0, Math.max(1024, most >> 1));
  const { bytes, whole, work } = inflate(head, format, Math.max(most, 65_536) * 4);
  return {
    bytes: bytes.subarray(0, most),
    whole: whole && head.length === packed.length && bytes.length <= most,
    work,
  };
}
