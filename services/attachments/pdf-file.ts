// PDF files (ISO 32000-1): which actions, scripts and addresses stand in them. Objects are found by their marks, not by
// the table of objects: that may lie, and readers do without.

import { inflate } from "../../shared/archive/inflate.ts";
import { collectNames, maxNames, type Names } from "./pdf-name.ts";
import { readPdfString } from "./pdf-string.ts";

export interface PdfLimits {
  readonly documentBytes: number;
  readonly unpackedBytes: number;
  readonly objects: number;
  readonly trailerLines: number;
  readonly urls: number;
}

export interface PdfFindings {
  readonly encrypted: boolean;
  readonly javascript: boolean;
  /** Something happens when it is opened: a script or a program. */
  readonly automatic: boolean;
  readonly launch: boolean;
  readonly embedded: boolean;
  /** What is suspicious, in a word; "" without. */
  readonly suspicious: string;
  readonly longTrailer: boolean;
  readonly manyObjects: boolean;
  readonly urls: readonly string[];
  readonly limited: boolean;
}

/** Streams that are unpacked of one file, and the least of a stream. */
const maxStreams = 2000;
/** Addresses that are read of one file, those that are known already too. */
const maxUris = 2000;

interface Reading {
  readonly limits: PdfLimits;
  readonly names: Names;
  readonly urls: Set<string>;
  /** Actions that name an address, whether or not it is kept. */
  uris: number;
  suspicious: string;
  objects: number;
  streams: number;
  unpacked: number;
  limited: boolean;
}

/** Commands that scripts of shells consist of: no document speaks so in its actions. */
const commands = /(?:cmd(?:\.exe)?\s{0,5}\/c|powershell|netsh\s|mshta\s|\bwscript\b|rundll32|certutil)/i;

function collectUrls(text: string, reading: Reading): void {
  for (const { index, 0: mark } of text.matchAll(/\/(?:U|#55)(?:R|#52)(?:I|#49)\s{0,20}(?=[(<])/gi)) {
    if (reading.urls.size >= reading.limits.urls || reading.uris++ >= maxUris) {
      reading.limited = true;
      return;
    }
    const url = readPdfString(text, index + mark.length).trim();
    if (/^[a-z][a-z0-9+.-]{1,20}:|^www\./i.test(url)) reading.urls.add(url);
  }
}

/** Text of objects, outside of streams. */
function readObjects(text: string, reading: Reading): void {
  collectNames(text, reading.names);
  collectUrls(text, reading);
  for (let at = text.indexOf(" obj"); at !== -1; at = text.indexOf(" obj", at + 4)) reading.objects++;
}

/** Streams that may hold objects, or a script. What is drawn, and pictures, are not unpacked. */
function mayMatter(dictionary: string): boolean {
  if (/\/(?:Subtype|S)\s{0,5}\/(?:Image|Form|XML|Type1C|CIDFontType0C|OpenType)/.test(dictionary)) return false;
  if (/\/(?:Length[123]|FunctionType|ShadingType|N\s{1,3}[134]\s{0,3}\/Alternate)/.test(dictionary)) return false;
  return true;
}

function readStream(dictionary: string, content: Buffer, reading: Reading): void {
  if (!/\/(?:ObjStm|JS|JavaScript)\b|Flate|\/Fl\b|#/.test(dictionary) || !mayMatter(dictionary)) return;
  if (reading.streams++ >= maxStreams || reading.unpacked >= reading.limits.unpackedBytes) {
    reading.limited = true;
    return;
  }
  const isObjects = /\/Type\s{0,5}\/Obj(?:S|#53)tm/.test(dictionary);
  const most = Math.min(
    reading.limits.unpackedBytes - reading.unpacked,
    isObjects ? Number.POSITIVE_INFINITY : 256 * 1024,
  );
  const packed = /Fl(?:ate)?/.test(dictionary);
  const { bytes, work } = packed ? inflate(content, "zlib", most) : { bytes: content.subarray(0, most), work: 0 };
  reading.unpacked += work;
  const text = bytes.toString("latin1");
  if (isObjects) readObjects(text, reading);
  if (commands.test(text.slice(0, 65_536))) reading.suspicious ||= "command";
}

/** Text between the streams, and the streams. */
function readBody(bytes: Buffer, text: string, reading: Reading): void {
  let from = 0;
  let search = 0;
  for (;;) {
    const mark = text.indexOf("stream", search);
    if (mark === -1) break;
    const next = text.charCodeAt(mark + 6);
    const opens = (next === 13 || next === 10) && text.slice(mark - 3, mark) !== "end";
    if (!opens) {
      search = mark + 6;
      continue;
    }
    const outside = text.slice(from, mark);
    readObjects(outside, reading);
    const start = mark + (text.charCodeAt(mark + 7) === 10 && next === 13 ? 8 : 7);
    const end = text.indexOf("endstream", start);
    const stop = end === -1 ? text.length : end;
    // The dictionary of a stream stands right before it.
    readStream(
      outside.slice(Math.max(outside.lastIndexOf(" obj"), outside.length - 4096)),
      bytes.subarray(start, stop),
      reading,
    );
    from = end === -1 ? text.length : end + 9;
    search = from;
  }
  readObjects(text.slice(from), reading);
}

/** Lines of the last trailer. Those that programs write have a few. */
function trailerLines(text: string): number {
  const start = text.lastIndexOf("trailer");
  if (start === -1) return 0;
  const end = text.indexOf("startxref", start);
  let lines = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && (end === -1 || at < end); at = text.indexOf("\n", at + 1))
    lines++;
  return lines;
}

/** Reads a file. Never throws. */
export function readPdf(content: Buffer, limits: PdfLimits): PdfFindings {
  const bytes = content.subarray(0, limits.documentBytes);
  const text = bytes.toString("latin1");
  const names: Names = { found: new Set(), hidden: "", looked: 0 };
  const reading: Reading = {
    limits,
    names,
    urls: new Set(),
    uris: 0,
    suspicious: "",
    objects: 0,
    streams: 0,
    unpacked: 0,
    limited: bytes.length < content.length,
  };
  readBody(bytes, text, reading);
  const { found, hidden } = names;
  const javascript = found.has("JavaScript") || found.has("JS");
  const launch = found.has("Launch");
  if (launch && commands.test(text)) reading.suspicious ||= "command";
  if (hidden !== "") reading.suspicious ||= `/${hidden}`;
  return {
    encrypted: found.has("Encrypt"),
    javascript,
    automatic: (found.has("OpenAction") || found.has("AA")) && (javascript || launch),
    launch,
    embedded: found.has("EmbeddedFile") || found.has("EmbeddedFiles"),
    suspicious: reading.suspicious,
    longTrailer: trailerLines(text) > limits.trailerLines,
    manyObjects: reading.objects > limits.objects,
    urls: [...reading.urls],
    limited: reading.limited || names.looked > maxNames,
  };
}
