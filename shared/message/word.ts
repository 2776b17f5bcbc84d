// Encoded words in header fields (RFC 2047), also as senders break them: blanks inside, neighbours that split a
// character between them, charsets nobody knows, 8-bit text without any encoding.

import { decodeCharset } from "./charset.ts";
import type { Note } from "./flaw.ts";
import { hexDigit } from "./hex.ts";

/** Neighbouring words of one charset and encoding, whose bytes belong together. */
interface Run {
  readonly charset: string;
  readonly encoding: string;
  readonly bytes: Buffer[];
  /** Base64 text that is not decoded yet: a word may end within a group of four. */
  pending: string;
}

/** What decoding of a field needs to know. */
export interface WordContext {
  /** Whether the text may have 8-bit bytes. */
  readonly eightBit: boolean;
  /** Charset of 8-bit text that is not encoded: what the message declares, or "". */
  readonly charset: string;
  /** Words decoded at most. */
  readonly words: number;
  readonly part: number;
  readonly note: Note;
}

function decodeQ(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5f)
      bytes[length++] = 0x20; // RFC 2047, 4.2: "_" is a space
    else if (code === 0x3d) {
      const high = hexDigit(text.charCodeAt(at + 1));
      const low = hexDigit(text.charCodeAt(at + 2));
      if (high < 0 || low < 0) bytes[length++] = code;
      else {
        bytes[length++] = high * 16 + low;
        at += 2;
      }
    } else bytes[length++] = code;
  }
  return bytes.subarray(0, length);
}

function append(run: Run, text: string): void {
  if (run.encoding === "q") {
    run.bytes.push(decodeQ(text));
    return;
  }
  run.pending += text.includes(" ") ? text.replaceAll(" ", "") : text;
  if (run.pending.length % 4 === 0 || run.pending.endsWith("=")) {
    run.bytes.push(Buffer.from(run.pending, "base64"));
    run.pending = "";
  }
}

function finish(run: Run, context: WordContext): string {
  if (run.pending !== "") run.bytes.push(Buffer.from(run.pending, "base64"));
  const [only] = run.bytes;
  const joined = only !== undefined && run.bytes.length === 1 ? only : Buffer.concat(run.bytes);
  const decoded = decodeCharset(joined, run.charset);
  if (!decoded.bad) return decoded.text;
  // Charsets with shift states start anew in each word (RFC 2047, 3), so their bytes may not fit together.
  const single = run.bytes.map((bytes) => decodeCharset(bytes, run.charset));
  if (single.every((word) => !word.bad)) return single.map((word) => word.text).join("");
  context.note("bad-word", context.part, run.charset);
  return decoded.text;
}

/** Text of a field as a reader sees it. `raw` is unfolded, one char a byte. */
export function decodeWords(raw: string, context: WordContext): string {
  if (!raw.includes("=?")) return decodeBytes(raw, context);
  let out = "";
  let run: Run | null = null;
  let left = context.words;
  let from = 0; // end of what has been handed out
  let at = raw.indexOf("=?");
  while (at !== -1) {
    const charsetEnd = raw.indexOf("?", at + 2);
    // No question mark left, so no word either, whatever comes.
    if (charsetEnd === -1) break;
    const encoding = raw.charAt(charsetEnd + 1).toLowerCase();
    const isWord =
      (encoding === "q" || encoding === "b") &&
      raw.charAt(charsetEnd + 2) === "?" &&
      charsetEnd > at + 2 &&
      charsetEnd - at < 80;
    if (!isWord) {
      const shaped = raw.charAt(charsetEnd + 2) === "?" && charsetEnd - at < 80;
      if (shaped) context.note("bad-word", context.part, "encoding");
      at = raw.indexOf("=?", at + 2);
      continue;
    }
    const end = raw.indexOf("?=", charsetEnd + 3);
    if (end === -1) {
      context.note("bad-word", context.part, "unclosed");
      break;
    }
    if (left-- === 0) {
      context.note("limit-words", context.part);
      break;
    }
    // RFC 2231, 5: a language may follow the charset behind "*".
    const label = raw.slice(at + 2, charsetEnd).toLowerCase();
    const star = label.indexOf("*");
    const charset = star === -1 ? label : label.slice(0, star);
    const gap = raw.slice(from, at);
    // RFC 2047, 6.2: blanks between two encoded words are not part of the text.
    const joined = run !== null && gap.trim() === "";
    if (!joined || run === null || run.charset !== charset || run.encoding !== encoding) {
      if (run !== null) out += finish(run, context);
      if (!joined) out += decodeBytes(gap, context);
      run = { charset, encoding, bytes: [], pending: "" };
    }
    append(run, raw.slice(charsetEnd + 3, end));
    from = end + 2;
    at = raw.indexOf("=?", from);
  }
  if (run !== null) out += finish(run, context);
  return out + decodeBytes(raw.slice(from), context);
}

/** Text that should be ASCII: UTF-8 where it is not (RFC 6532), else what the message declares. */
function decodeBytes(raw: string, context: WordContext): string {
  if (!context.eightBit || !/[\x80-\xff]/.test(raw)) return raw;
  const bytes = Buffer.from(raw, "latin1");
  const asUtf8 = decodeCharset(bytes, "");
  if (asUtf8.charset === "utf-8" || context.charset === "") return asUtf8.text;
  return decodeCharset(bytes, context.charset).text;
}
