// Bytes -> text by the charset that was declared: labels as WHATWG's Encoding Standard has them, then UTF-7 and what
// iconv-lite knows beyond (DOS code pages). A charset that is unknown, or that the bytes are not in, is replaced by a guess.

import { isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";
import { ownText } from "../own-text.ts";
import { decodeUtf7 } from "./utf7.ts";

export interface Decoded {
  readonly text: string;
  /** What was used, in lower case. */
  readonly charset: string;
  /** Whether what was declared is unknown or untrue. */
  readonly bad: boolean;
}

interface Decoder {
  readonly name: string;
  decode(bytes: Buffer): string;
}

/** Labels come from senders, so only so many are remembered. */
const remembered = 512;
const decoders = new Map<string, Decoder | null>();

const utf8: Decoder = { name: "utf-8", decode: (bytes) => bytes.toString("utf8") };

/** 0x80 to 0x9f of windows-1252, which WHATWG reads for every Latin-1 label. */
const western = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function decodeWestern(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return text.replace(/[\x80-\x9f]/g, (char) => western.charAt(char.charCodeAt(0) - 0x80));
}

const windows1252: Decoder = { name: "windows-1252", decode: decodeWestern };

function findDecoder(label: string): Decoder | null {
  const clean = label
    .trim()
    .toLowerCase()
    .replace(/^_|[$'"]+.*$/g, "");
  if (clean === "" || clean.length > 40) return null;
  try {
    const decoder = new TextDecoder(clean, { ignoreBOM: false });
    if (decoder.encoding === "utf-8") return utf8;
    if (decoder.encoding === "windows-1252") return windows1252;
    return { name: decoder.encoding, decode: (bytes) => decoder.decode(bytes) };
  } catch {
    if (/^utf-?7$/.test(clean)) return { name: clean, decode: (bytes) => decodeUtf7(bytes) };
    if (/^utf-?7-imap$/.test(clean)) return { name: clean, decode: (bytes) => decodeUtf7(bytes, true) };
    // Not of the standard; iconv-lite also takes names like "base64", which are no charsets.
    if (!/^(utf-?32.*|cp\d+|ibm\d+|win-?\d+|windows-\d+|mac\w*|armscii8|tcvn|viscii|rk1048|hp-?roman8)$/.test(clean))
      return null;
    if (!iconv.encodingExists(clean)) return null;
    return { name: clean, decode: (bytes) => iconv.decode(bytes, clean) };
  }
}

function decoderOf(label: string): Decoder | null {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  if (decoders.size >= remembered || label.length >= 64) return findDecoder(label);
  const own = ownText(label);
  const found = findDecoder(own);
  decoders.set(own, found);
  return found;
}

/** Whether `label` names a charset that can be read. */
export function isCharset(label: string): boolean {
  return decoderOf(label) !== null;
}

/** Bytes of an unknown charset: UTF-8 when they are valid, or mostly so; else windows-1252, which reads any byte. */
function guess(bytes: Buffer): { text: string; charset: string } {
  if (isUtf8(bytes)) return { text: bytes.toString("utf8"), charset: "utf-8" };
  const text = bytes.toString("utf8");
  let broken = 0;
  let whole = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) broken++;
    else if (code > 127) whole++;
  }
  return whole > broken ? { text, charset: "utf-8" } : { text: decodeWestern(bytes), charset: "windows-1252" };
}

/** The charset that the first bytes prove, or "". */
function byteOrderMark(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  return "";
}

const asciiLabels = new Set(["", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us", "us"]);

/** Whether seven-bit bytes mean ASCII in this charset; not so in UTF-7, UTF-16 and the escape-driven ones. */
function extendsAscii(name: string): boolean {
  return !name.startsWith("utf-16") && !name.startsWith("utf-32") && name !== "iso-2022-jp" && !/^utf-?7/.test(name);
}

/** Whether two labels mean the same text: one charset under two names, or two that agree on ASCII when it is `ascii`. */
export function sameCharset(one: string, other: string, ascii: boolean): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()].map((label) =>
    asciiLabels.has(label) ? windows1252.name : (decoderOf(label)?.name ?? ""),
  );
  if (a === undefined || b === undefined) return true;
  return a === b || (ascii && extendsAscii(a) && extendsAscii(b));
}

/** Decodes `bytes`, declared to be in `label` ("" when nothing was declared, which means ASCII: RFC 2046, 4.1.2). */
export function decodeCharset(bytes: Buffer, label: string): Decoded {
  const lower = label.toLowerCase();
  const plain = asciiLabels.has(lower);
  if (isAscii(bytes) && (plain || lower === "utf-8")) {
    return { text: bytes.toString("latin1"), charset: plain ? "us-ascii" : "utf-8", bad: false };
  }
  const mark = byteOrderMark(bytes);
  if (mark !== "") {
    const decoder = decoderOf(mark);
    const rest = mark === "utf-8" ? bytes.subarray(3) : bytes;
    if (decoder !== null)
      return { text: decoder.decode(rest), charset: mark, bad: decoderOf(lower)?.name !== mark && !plain };
  }
  if (plain) return { ...guess(bytes), bad: lower !== "" };
  const decoder = decoderOf(lower);
  if (decoder === null) return { ...guess(bytes), bad: true };
  if (decoder === utf8) {
    if (isUtf8(bytes)) return { text: bytes.toString("utf8"), charset: "utf-8", bad: false };
    return { ...guess(bytes), bad: true };
  }
  if (extendsAscii(decoder.name) && isAscii(bytes))
    return { text: bytes.toString("latin1"), charset: decoder.name, bad: false };
  const text = decoder.decode(bytes);
  return { text, charset: decoder.name, bad: text.includes("\ufffd") };
}
