// Bytes of a message -> the facts that checks read. Happens once per message. Whatever the bytes are, there are facts:
// what is odd becomes a flaw.

import { isAscii } from "node:buffer";
import { asBuffer } from "../as-buffer.ts";
import { type Facts, type Headers, type Hop, openingBytes, type Part, type Structure } from "../task.ts";
import { decodeFields, readHeaders, wordContext } from "./fields.ts";
import { flawList, type Note } from "./flaw.ts";
import { digest, type Leaf } from "./growth.ts";
import { all, splitHeaders } from "./header.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { checkLineEnds } from "./line-end.ts";
import { growTree } from "./part.ts";
import { parseReceived } from "./received.ts";
import { readContents } from "./text.ts";
import { extractUrls } from "./url.ts";

/** All that the bytes of a message say. The standing of its task, and what becomes of it, is not theirs to say. */
export type Analysis = Omit<Facts, "standing" | "outgoing">;

/** Bytes of a byte order mark (UTF-8 or UTF-16) at the start. Fields in UTF-16 are not read. */
function markLength(bytes: Buffer): number {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3;
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return utf16 ? 2 : 0;
}

function readHops(headers: Headers, limits: Limits, note: Note): Hop[] {
  const hops: Hop[] = [];
  const deep = () => note("limit-comments", 0);
  for (const { key, value } of headers.fields) {
    if (key !== "received") continue;
    if (hops.length >= limits.received) {
      note("limit-received", 0);
      break;
    }
    hops.push(parseReceived(value, limits.comments, deep));
  }
  return hops;
}

/** Cuts a message at the limit. */
function withinLimit(raw: Uint8Array, limits: Limits, note: Note): Buffer {
  const bytes = asBuffer(raw);
  if (bytes.length <= limits.messageBytes) return bytes;
  note("limit-size", 0);
  return bytes.subarray(0, limits.messageBytes);
}

/** Analyses a message: header block, empty line, body. Never throws. */
export function analyse(raw: Uint8Array, limits: Limits = defaultLimits): Analysis {
  const { flaws, note } = flawList(limits.flaws);
  const bytes = withinLimit(raw, limits, note);
  const source = bytes.toString("latin1");
  const lineEnds = checkLineEnds(bytes, source, note);
  const start = markLength(bytes);
  if (start > 0) note("byte-order-mark", 0);
  const block = splitHeaders(source, start, bytes.length, limits, 0, note);
  const words = wordContext(block.fields, isAscii(bytes.subarray(0, block.end)), limits, 0, note);
  const fields = decodeFields(block.fields, limits, words, true);
  const headers = readHeaders(fields, limits, words);
  const tree = growTree(bytes, source, block, lineEnds, limits, words);
  const opening = source.slice(block.end, block.end + openingBytes);
  const { parts } = tree;
  const structure = { size: raw.length, headerSize: block.end, opening, digest: digest(bytes), parts, flaws };
  return assemble(raw, headers, structure, tree.leaves, limits, note);
}

/** Analyses text that has no headers: one part of plain text, with `subject` if there is one. */
export function plainMessage(raw: Uint8Array, limits: Limits = defaultLimits, subject: string | null = null): Analysis {
  const { flaws, note } = flawList(limits.flaws);
  const bytes = withinLimit(raw, limits, note);
  const none = { fields: [], from: [], sender: [], replyTo: [], to: [], cc: [], bcc: [], messageId: null, date: null };
  const headers: Headers = { ...none, subject };
  const part: Part = {
    id: 0,
    parent: -1,
    depth: 0,
    type: "text/plain",
    declared: false,
    params: {},
    disposition: "",
    dispositionParams: {},
    filename: "",
    encoding: "8bit",
    contentId: "",
    headers: [],
    start: 0,
    end: bytes.length,
    size: bytes.length,
    detected: "",
    digest: digest(bytes),
  };
  const opening = bytes.toString("latin1", 0, openingBytes);
  const structure = { size: raw.length, headerSize: 0, opening, digest: part.digest, parts: [part], flaws };
  return assemble(raw, headers, structure, [{ part, content: bytes }], limits, note);
}

/** Facts of a message whose parts are known. Of the headers only List-Unsubscribe is followed: clients show it as a
 *  button (RFC 2369, 3.2). */
function assemble(
  raw: Uint8Array,
  headers: Headers,
  structure: Structure,
  leaves: readonly Leaf[],
  limits: Limits,
  note: Note,
): Analysis {
  const received = readHops(headers, limits, note);
  const { text, html, attachments } = readContents(leaves, limits, note);
  const { subject } = headers;
  const harvest = { texts: text, htmls: html, subject, headers: all(headers, "list-unsubscribe"), limits };
  const { urls, emails, flaws } = extractUrls(harvest);
  for (const kind of flaws) note(kind, 0);
  return { headers, structure, text, html, urls, emails, received, attachments, raw };
}
