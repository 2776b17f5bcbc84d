// Content-Transfer-Encoding (RFC 2045, 6): bytes as sent -> content. Broken input yields what can be read.

import { hexDigit } from "./hex.ts";
import { decodeUu } from "./uuencode.ts";

export interface Content {
  readonly bytes: Buffer;
  readonly flaw: "bad-base64" | "bad-quoted-printable" | null;
}

/** Names of encodings that leave the bytes as they are. */
const identity = new Set(["", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits"]);
const uuencoded = new Set(["x-uuencode", "x-uue", "uuencode", "uue"]);

/** Whether the encoding leaves the bytes as they are, as an unknown one does. */
export function isIdentity(name: string): boolean {
  return identity.has(name) || !isEncoding(name);
}

export function isEncoding(name: string): boolean {
  return identity.has(name) || name === "base64" || name === "quoted-printable" || uuencoded.has(name);
}

/** Content of `body`, which is encoded as `encoding` says. Unknown encodings leave the bytes as they are. */
export function decodeTransfer(body: Buffer, encoding: string): Content {
  if (encoding === "base64") return decodeBase64(body);
  if (encoding === "quoted-printable") return decodeQuotedPrintable(body);
  if (uuencoded.has(encoding)) {
    const file = decodeUu(body.toString("latin1"));
    if (file !== null) return { bytes: file.content, flaw: null };
  }
  return { bytes: body, flaw: null };
}

/** Padded pieces of base64 that are read one by one; what follows is read as one piece. */
const maxPieces = 1000;

/** RFC 2045, 6.8: characters outside the alphabet are skipped. Several padded pieces in a row count as one content. */
function decodeBase64(body: Buffer): Content {
  const text = body.toString("latin1");
  const junk = /[^A-Za-z0-9+/=\s]/.test(text);
  // "-" and "_" are junk here, but Node reads them as the alphabet of RFC 4648, 5.
  const clean = junk ? text.replace(/[^A-Za-z0-9+/=]+/g, "") : text;
  const padding = clean.indexOf("=");
  if (padding === -1 || !/[^=\s]/.test(clean.slice(padding))) {
    return { bytes: Buffer.from(clean, "base64"), flaw: junk ? "bad-base64" : null };
  }
  const pieces: Buffer[] = [];
  let from = 0;
  for (let cut = padding; cut !== -1 && pieces.length < maxPieces; cut = clean.indexOf("=", from)) {
    if (cut > from) pieces.push(Buffer.from(clean.slice(from, cut), "base64"));
    from = cut + 1;
  }
  pieces.push(Buffer.from(clean.slice(from).replaceAll("=", ""), "base64"));
  return { bytes: Buffer.concat(pieces), flaw: "bad-base64" };
}

/** What other readers make of broken base64: those that read over padding in the middle as if it were not there, and
 *  those that take "-" and "_" for the alphabet of RFC 4648, 5. */
export function otherBase64(body: Buffer): Buffer[] {
  const text = body.toString("latin1");
  const others: Buffer[] = [];
  const padding = text.indexOf("=");
  if (padding !== -1 && /[A-Za-z0-9+/]/.test(text.slice(padding))) {
    others.push(Buffer.from(text.replace(/[^A-Za-z0-9+/]+/g, ""), "base64"));
  }
  if (/[-_]/.test(text)) others.push(Buffer.from(text.replace(/[^A-Za-z0-9+/_-]+/g, ""), "base64"));
  return others;
}

/** RFC 2045, 6.7. What is no escape stays as it stands, as every reader shows it. */
function decodeQuotedPrintable(body: Buffer): Content {
  let sign = body.indexOf(61);
  if (sign === -1) return { bytes: body, flaw: null };
  const bytes = Buffer.allocUnsafe(body.length);
  const end = body.length;
  let length = 0;
  let at = 0;
  let bad = false;
  while (sign !== -1) {
    // Runs between the signs are short: a loop beats a call.
    while (at < sign) bytes[length++] = body[at++] ?? 0;
    const high = hexDigit(body[at + 1] ?? 0);
    const low = hexDigit(body[at + 2] ?? 0);
    if (high >= 0 && low >= 0) {
      bytes[length++] = high * 16 + low;
      at += 3;
    } else {
      // A soft line break may have blanks behind the "=" (6.7, rule 3).
      let next = at + 1;
      while (next < end && (body[next] === 32 || body[next] === 9)) next++;
      if (body[next] === 13 && body[next + 1] === 10) at = next + 2;
      else if (body[next] === 10) at = next + 1;
      else if (next === end) at = end;
      else {
        bad = true;
        bytes[length++] = 61;
        at++;
      }
    }
    sign = at;
    while (sign < end && body[sign] !== 61) sign++;
    if (sign === end) sign = -1;
  }
  while (at < end) bytes[length++] = body[at++] ?? 0;
  return { bytes: bytes.subarray(0, length), flaw: bad ? "bad-quoted-printable" : null };
}
