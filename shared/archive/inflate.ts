// zlib and zstd within limits: broken and oversized input yields the bytes that come out before that.

import { constants, gunzipSync, inflateRawSync, zstdDecompressSync } from "node:zlib";
import { nothingUnpacked, type Unpacked } from "./archive.ts";

/** Deflate makes at most 1,032 bytes of one. */
const deflateRatio = 1032;

type Format = "raw" | "zlib" | "gzip" | "zstd";

/** Bytes of the frame of zlib before what is packed (RFC 1950, 2.2). */
const zlibHead = 2;

function decode(packed: Buffer, format: Format, maxOutputLength: number): Buffer {
  if (format === "zstd") {
    return zstdDecompressSync(packed, { maxOutputLength, finishFlush: constants.ZSTD_e_flush });
  }
  // Input that ends early is no error with this: what has come out counts.
  const options = { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH };
  // Readers do not mind the check sum of zlib's frame.
  if (format === "zlib") return inflateRawSync(packed.subarray(zlibHead), options);
  return format === "raw" ? inflateRawSync(packed, options) : gunzipSync(packed, options);
}

interface Attempt {
  readonly bytes: Buffer | null;
  /** It became longer than allowed, and is not known to be broken. */
  readonly long: boolean;
}

function attempt(packed: Buffer, format: Format, most: number): Attempt {
  try {
    return { bytes: decode(packed, format, most), long: false };
  } catch (error) {
    return { bytes: null, long: error instanceof RangeError };
  }
}

/** Steps in which the place where input breaks, or becomes too long, is closed in on. */
const errorSteps = 5;
const lengthSteps = 1;

/** Unpacks at most `most` bytes. Node keeps no output when it meets an error, so then less of the input is tried. */
export function inflate(packed: Buffer, format: Format, most: number): Unpacked {
  if (packed.length === 0 || most <= 0) return nothingUnpacked;
  const whole = attempt(packed, format, most);
  if (whole.bytes !== null) return { bytes: whole.bytes, whole: true, work: whole.bytes.length };
  let work = Math.min(most, packed.length * deflateRatio);
  let best: Buffer = Buffer.alloc(0);
  const works = (length: number): boolean => {
    const { bytes, long } = attempt(packed.subarray(0, length), format, most);
    work += bytes?.length ?? (long ? most : Math.min(most, length * deflateRatio));
    if (bytes === null || bytes.length <= best.length) return bytes !== null;
    best = bytes;
    return true;
  };
  // So much of the input cannot be too long.
  let good = Math.min(packed.length, Math.max(64, Math.floor(most / deflateRatio)));
  while (good >= 32 && !works(good)) good >>= 2;
  let bad = packed.length;
  while (good >= 32 && good * 2 < bad && work < most * 3 && works(good * 2)) good *= 2;
  bad = Math.min(bad, good * 2);
  for (let step = whole.long ? lengthSteps : errorSteps; good >= 32 && step > 0 && bad - good > 16; step--) {
    const middle = (good + bad) >> 1;
    if (works(middle)) good = middle;
    else bad = middle;
  }
  return { bytes: best, whole: false, work };
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
