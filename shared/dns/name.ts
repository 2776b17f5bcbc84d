// Domain names: as checks write them, and as they stand in DNS messages (RFC 1035, 3.1 and 4.1.4).

/**
 * The one form in which a name is asked for and kept: lower case, without the last dot. Undefined for what is no name of
 * the DNS: an empty label, one of more than 63 bytes, more than 253 bytes, the root, and anything but visible ASCII.
 * A backslash is none either: data from the DNS has one where a byte cannot be shown.
 */
export function canonicalName(name: string): string | undefined {
  if (name.length > 254) return undefined;
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  if (bare.length > 253 || !form.test(bare)) return undefined;
  return bare.toLowerCase();
}

/** Linear: no label has two ways to match. */
const form = /^[!-\-/-[\]-~]{1,63}(?:\.[!-\-/-[\]-~]{1,63})*$/;

/** Bytes of a canonical name, or of the root (""), in a message that does not compress it. */
export function nameSize(name: string): number {
  return name === "" ? 1 : name.length + 2;
}

/** Writes a canonical name, or the root (""), at a place that has room for it. Answers with the place behind. */
export function writeName(bytes: Uint8Array, start: number, name: string): number {
  if (name === "") {
    bytes[start] = 0;
    return start + 1;
  }
  let length = start;
  let at = start + 1;
  for (let index = 0; index < name.length; index++) {
    const char = name.charCodeAt(index);
    if (char === 0x2e) {
      bytes[length] = at - length - 1;
      length = at;
    } else {
      bytes[at] = char;
    }
    at += 1;
  }
  bytes[length] = at - length - 1;
  bytes[at] = 0;
  return at + 1;
}

export interface ReadName {
  /** Lower case, without the last dot; what could be mistaken stands as \DDD (RFC 1035, 5.1). "" is the root. */
  readonly name: string;
  /** The place behind it. */
  readonly end: number;
}

/** Undefined when no name stands there. However pointers are laid, it ends after 255 bytes (RFC 1035, 2.3.4). */
export function readName(bytes: Uint8Array, start: number): ReadName | undefined {
  let name = "";
  let at = start;
  let end = -1;
  let size = 1;
  // Where the piece that is read began: a pointer leads to "a prior occurrence", so that each goes further back.
  let pieceStart = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) return undefined;
    if (length === 0) return { name, end: end === -1 ? at + 1 : end };
    if (length >= 0xc0) {
      const low = bytes[at + 1];
      if (low === undefined) return undefined;
      const target = ((length & 0x3f) << 8) | low;
      if (target >= pieceStart) return undefined;
      if (end === -1) end = at + 2;
      at = target;
      pieceStart = target;
      continue;
    }
    size += length + 1;
    if (length > 63 || size > 255 || at + 1 + length > bytes.length) return undefined;
    if (name !== "") name += ".";
    name += readLabel(bytes, at + 1, at + 1 + length);
    at += 1 + length;
  }
}

function readLabel(bytes: Uint8Array, start: number, end: number): string {
  let label = "";
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) label += String.fromCharCode(byte + 0x20);
    else if (byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c) label += String.fromCharCode(byte);
    else label += `\\${String(byte).padStart(3, "0")}`;
  }
  return label;
}
