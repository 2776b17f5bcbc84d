// What a file is by its first bytes, whatever its name and declared type say.

import { zipType } from "./zip-type.ts";

const signatures: readonly (readonly [magic: string, type: string])[] = [
  ["%PDF-", "application/pdf"],
  ["Rar!\x1a\x07", "application/vnd.rar"],
  ["7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"],
  ["\x1f\x8b", "application/gzip"],
  ["BZh", "application/x-bzip2"],
  ["\xfd7zXZ\0", "application/x-xz"],
  ["\x28\xb5\x2f\xfd", "application/zstd"],
  ["MSCF", "application/vnd.ms-cab-compressed"],
  ["\x7fELF", "application/x-elf"],
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["\xff\xd8\xff", "image/jpeg"],
  ["GIF87a", "image/gif"],
  ["GIF89a", "image/gif"],
  ["BM", "image/bmp"],
  ["II*\0", "image/tiff"],
  ["MM\0*", "image/tiff"],
  ["\0\0\x01\0", "image/vnd.microsoft.icon"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"],
  ["{\\rt", "application/rtf"],
  ["BEGIN:VCALENDAR", "text/calendar"],
  ["BEGIN:VCARD", "text/vcard"],
  ["L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut"],
  ["ID3", "audio/mpeg"],
  ["OggS", "application/ogg"],
  ["fLaC", "audio/flac"],
  ["MThd", "audio/midi"],
  ["FWS", "application/x-shockwave-flash"],
  ["CWS", "application/x-shockwave-flash"],
  ["\0asm", "application/wasm"],
  ["\xca\xfe\xba\xbe", "application/java-vm"],
  ["%!PS", "application/postscript"],
  ["#!", "text/x-shellscript"],
  ["ITSF", "application/vnd.ms-htmlhelp"],
  ["\x1aE\xdf\xa3", "video/x-matroska"],
  ["\x78\x9f\x3e\x22", "application/vnd.ms-tnef"],
  ["-----BEGIN PGP MESSAGE", "application/pgp-encrypted"],
];

/** Signatures by first byte. */
const byFirst: (readonly (readonly [string, string])[] | undefined)[] = [];
for (const signature of signatures) {
  const code = signature[0].charCodeAt(0);
  byFirst[code] = [...(byFirst[code] ?? []), signature];
}

/** Only so much is looked at for markup. */
const markupBytes = 512;

/** Markup may follow blanks, a byte order mark, comments and the like. */
function markupType(head: string): string {
  const text = head.replace(/^(?:\xef\xbb\xbf)?\s*/, "").toLowerCase();
  if (!text.startsWith("<")) return "";
  if (/^<(?:!doctype html|html|head|body|script|meta|title|table|iframe)[\s>]/.test(text)) return "text/html";
  if (text.startsWith("<?xml")) {
    if (/<html[\s>]/.test(text)) return "text/html";
    return /<svg[\s>]/.test(text) ? "image/svg+xml" : "text/xml";
  }
  if (/^<svg[\s>]/.test(text)) return "image/svg+xml";
  return text.startsWith("<!--") && /<html[\s>]/.test(text) ? "text/html" : "";
}

/** "BM" and "MZ" also begin words: the numbers behind them must make sense. */
function isBitmap(bytes: Buffer): boolean {
  return bytes.length >= 26 && bytes.readUInt32LE(6) === 0 && bytes.readUInt32LE(14) < 256;
}

function isExecutable(bytes: Buffer): boolean {
  if (bytes.length < 64) return false;
  // The header of PE, NE or LE lies where 0x3c says; plain DOS programs have a sane last page instead.
  const offset = bytes.readUInt32LE(60);
  const mark = bytes.toString("latin1", offset, offset + 2);
  if (mark === "PE" || mark === "NE" || mark === "LE") return true;
  return bytes.readUInt16LE(2) < 512 && bytes.subarray(0, 64).includes(0);
}

function riffType(bytes: Buffer): string {
  const kind = bytes.toString("latin1", 8, 12);
  if (kind === "WEBP") return "image/webp";
  if (kind === "WAVE") return "audio/wav";
  return kind === "AVI " ? "video/x-msvideo" : "";
}

function isoMediaType(bytes: Buffer): string {
  const brand = bytes.toString("latin1", 8, 12);
  if (/^(?:heic|heix|mif1)$/.test(brand)) return "image/heic";
  if (brand === "avif") return "image/avif";
  if (brand.startsWith("M4A")) return "audio/mp4";
  return brand.startsWith("qt") ? "video/quicktime" : "video/mp4";
}

/** MPEG audio frame: eleven bits of sync, then a version, layer, rate that exist. */
function isMpegAudio(bytes: Buffer): boolean {
  const [, second = 0, third = 0, fourth = 0] = bytes;
  // The mark of UTF-16, and a letter.
  if (second === 0xfe && fourth === 0) return false;
  return second >= 0xe2 && (second & 0x06) !== 0 && (second & 0x18) !== 0x08 && third >> 4 !== 15 && third >> 4 !== 0;
}

/** A PDF may have junk of up to 1,024 bytes before it (ISO 32000-1, annex H.3.4.1). */
function hasPdfMark(bytes: Buffer): boolean {
  const at = bytes.length < 64 ? -1 : bytes.subarray(0, 1024).indexOf("%PDF-", 0, "latin1");
  return (
    at !== -1 &&
    /^\d\.\d/.test(bytes.toString("latin1", at + 5, at + 8)) &&
    (bytes.length > 1024 || bytes.includes("obj", at, "latin1"))
  );
}

/** A media type, or "" when nothing is recognised. Office documents and archives of zip are told apart. */
export function detectType(bytes: Buffer): string {
  const code = bytes[0];
  if (code === undefined) return "";
  const candidates = byFirst[code];
  if (candidates !== undefined) {
    const head = bytes.toString("latin1", 0, 32);
    for (const [magic, type] of candidates) {
      if (head.startsWith(magic) && (magic !== "BM" || isBitmap(bytes))) return type;
    }
  }
  if (code === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5 || bytes[2] === 7)) return zipType(bytes);
  if (code === 0x4d && bytes[1] === 0x5a && isExecutable(bytes)) return "application/vnd.microsoft.portable-executable";
  if (code === 0x52 && bytes.toString("latin1", 0, 4) === "RIFF") return riffType(bytes);
  if (code === 0xff && isMpegAudio(bytes)) return "audio/mpeg";
  if (bytes[4] === 0x66 && bytes.toString("latin1", 4, 8) === "ftyp") return isoMediaType(bytes);
  if (code === 0x3c || code === 0xef || code <= 32) {
    const markup = markupType(bytes.toString("latin1", 0, markupBytes));
    if (markup !== "") return markup;
  }
  if (bytes.length > 262 && bytes[257] === 0x75 && bytes.toString("latin1", 257, 262) === "ustar")
    return "application/x-tar";
  if (bytes.length > 0x8006 && bytes[0x8001] === 0x43 && bytes.toString("latin1", 0x8001, 0x8006) === "CD001") {
    return "application/x-iso9660-image";
  }
  return hasPdfMark(bytes) ? "application/pdf" : "";
}
