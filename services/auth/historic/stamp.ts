// Hashcash stamps, format 1: "1:bits:date:resource:ext:rand:counter". Whoever makes one has spent time on this recipient
// and this day; the SHA-1 of the stamp begins with so many zero bits.

import { createHash } from "node:crypto";

export interface Stamp {
  /** Zero bits that it claims, and has. */
  readonly bits: number;
  /** ms since 1970. */
  readonly date: number;
  /** For whom it was made, in lower case. */
  readonly resource: string;
  /** SHA-1 in hex. */
  readonly digest: string;
}

/** Characters of a stamp. Addresses have 254 (RFC 5321, 4.5.3.1.3), the rest some dozens. */
const longestStamp = 512;

/** Reads a stamp; an Error says what is wrong with it. */
export function readStamp(text: string): Stamp | Error {
  const stamp = text.replace(/\s+/g, "");
  if (stamp.length > longestStamp) return new Error("too long");
  const [version, bits = "", written = "", resource = "", , , counter, ...rest] = stamp.split(":");
  if (version !== "1" || counter === undefined || rest.length > 0 || resource === "" || !/^\d{1,3}$/.test(bits)) {
    return new Error("no stamp");
  }
  const date = readDate(written);
  if (date === null) return new Error("no date");
  const digest = createHash("sha1").update(stamp).digest();
  if (zeroBits(digest) < Number(bits)) return new Error("fewer bits than it claims");
  return { bits: Number(bits), date, resource: resource.toLowerCase(), digest: digest.toString("hex") };
}

/** YYMMDD, YYMMDDhhmm or YYMMDDhhmmss, in UTC; null when there is no such time. */
function readDate(text: string): number | null {
  if (!/^\d{6}(?:\d{4}(?:\d{2})?)?$/.test(text)) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (text.match(/../g) ?? []).map(Number);
  const time = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  // Date.UTC makes the first of March of the thirtieth of February.
  const digits = new Date(time)
    .toISOString()
    .replace(/[-:T]/g, "")
    .slice(2, 2 + text.length);
  return digits === text ? time : null;
}

function zeroBits(digest: Uint8Array): number {
  let bits = 0;
  for (const byte of digest) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}
