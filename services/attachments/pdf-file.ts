// PDF files (ISO 32000-1): which actions, scripts and addresses stand in them. Objects are found by their marks, not by
// the table of objects: that may lie, and readers do without.

import { type Effort, spend } from "./effort.ts";
import { decryptStream, decryptString, objectAt } from "./pdf-cipher.ts";
import { hasCommand } from "./pdf-command.ts";
import { type FileKey, fileKeyOf } from "./pdf-file-key.ts";
import { decodeStream, filtersOf, undoPredictor } from "./pdf-filter.ts";
import { isImageDictionary, type PdfImage, readPdfImage } from "./pdf-image.ts";
import { collectNames, type Names, unescapeName } from "./pdf-name.ts";
import { objectWithin, openPlaces, streamEnd } from "./pdf-stream-end.ts";
import { pdfText, readPdfBytes } from "./pdf-string.ts";

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
  readonly images: readonly PdfImage[];
  readonly limited: boolean;
}

/** Streams that are unpacked of one file, addresses that are read, those known already too, and pictures that are kept. */
const maxStreams = 2000;
const maxUris = 2000;
const maxImages = 200;
/** Text of objects of a file that starts programs, in which commands are looked for. */
const commandBytes = 2 * 1024 * 1024;
/** Bytes that are unpacked of a stream that holds no objects, and those in which commands are looked for. */
const streamBytes = 256 * 1024;
const streamHead = 64 * 1024;

/** What it costs to find a stream, an address, a picture, and to look at a byte: of a dictionary, unpacked, passed over. */
const streamCost = 220;
const uriCost = 50;
const imageCost = 500;
const dictionaryCost = 4;
const unpackedCost = 4;
const passedCost = 1 / 16;

interface Reading {
  readonly limits: PdfLimits;
  readonly effort: Effort;
  /** Of a file that is encrypted and opens without a password. */
  readonly key: FileKey | null;
  readonly names: Names;
  readonly urls: Set<string>;
  readonly images: PdfImage[];
  /** Text of objects outside of streams, to look for commands in. */
  readonly spoken: string[];
  spokenBytes: number;
  uris: number;
  suspicious: string;
  objects: number;
  streams: number;
  unpacked: number;
  limited: boolean;
}

/** The address that stands behind the name /URI. In a stream that is decrypted nothing is encrypted again. */
function readUri(text: string, at: number, reading: Reading, key: FileKey | null): void {
  if (reading.urls.size >= reading.limits.urls || reading.uris >= maxUris) {
    reading.limited = true;
    return;
  }
  spend(reading.effort, uriCost);
  const start = at + (/^\s{0,20}/.exec(text.slice(at, at + 20))?.[0].length ?? 0);
  if (text[start] !== "(" && text[start] !== "<") return;
  reading.uris++;
  const bytes = readPdfBytes(text, start);
  const id = key && objectAt(text, at);
  const url = pdfText(key && id ? decryptString(key, bytes, id, reading.effort) : bytes).trim();
  spend(reading.effort, url.length);
  if (/^[a-z][a-z0-9+.-]{1,20}:|^www\./i.test(url)) reading.urls.add(url);
}

/** Text of objects. */
function readObjects(written: string, reading: Reading, key: FileKey | null): void {
  const { effort } = reading;
  const text = written.length > effort.left ? written.slice(0, Math.max(0, effort.left)) : written;
  const within = spend(effort, text.length);
  if (!collectNames(text, reading.names, effort, (at) => readUri(text, at, reading, key))) reading.limited = true;
  else if (!within) reading.limited = true;
  for (let at = text.indexOf(" obj"); at !== -1; at = text.indexOf(" obj", at + 4)) reading.objects++;
  if (text.length < 8 || reading.spokenBytes >= commandBytes) return;
  reading.spokenBytes += text.length;
  reading.spoken.push(text);
}

/** Streams that may hold objects, or a script. What is drawn, and pictures, are not unpacked. */
function mayMatter(dictionary: string): boolean {
  if (/\/(?:Subtype|S)\s{0,5}\/(?:Image|Form|XML|Type1C|CIDFontType0C|OpenType)/.test(dictionary)) return false;
  if (/\/(?:Length[123]|FunctionType|ShadingType|N\s{1,3}[134]\s{0,3}\/Alternate)/.test(dictionary)) return false;
  return true;
}

/** Whether a stream holds objects. Its keys say so even where its type does not. */
function holdsObjects(dictionary: string): boolean {
  return (
    /\/Type\s{0,5}\/ObjStm/.test(dictionary) || (/\/First\s{0,5}\d/.test(dictionary) && /\/N\s{0,5}\d/.test(dictionary))
  );
}

function readStream(dictionary: string, open: () => Content, reading: Reading): void {
  const { effort, limits } = reading;
  const isObjects = holdsObjects(dictionary);
  if (!isObjects && !(/\/(?:Filter|JS|JavaScript)\b/.test(dictionary) && mayMatter(dictionary))) return;
  if (reading.streams++ >= maxStreams || reading.unpacked >= limits.unpackedBytes || effort.left <= 0) {
    reading.limited = true;
    return;
  }
  const most = Math.min(
    limits.unpackedBytes - reading.unpacked,
    Math.ceil(effort.left / unpackedCost),
    isObjects ? Number.POSITIVE_INFINITY : streamBytes,
  );
  const { rest, length } = open();
  const { bytes, work } = decodeStream(rest.subarray(0, length), filtersOf(dictionary), most, effort);
  reading.unpacked += work;
  if (isObjects) readObjects(undoPredictor(bytes, dictionary).toString("latin1"), reading, null);
  if (hasCommand(bytes.toString("latin1", 0, streamHead))) reading.suspicious ||= "command";
}

/** The dictionary of a stream stands right before it. Escapes are resolved, and comments are left out. */
function dictionaryOf(outside: string, effort: Effort): string {
  const dictionary = outside.slice(Math.max(outside.lastIndexOf(" obj"), outside.length - 4096));
  spend(effort, streamCost + dictionary.length * dictionaryCost);
  const plain = unescapeName(dictionary);
  return plain.includes("%") ? plain.replace(/%[^\r\n]*/g, " ") : plain;
}

/** What stands in a stream, and behind it: its length may lie. */
interface Content {
  readonly rest: Buffer;
  readonly length: number;
}

function contentOf(bytes: Buffer, start: number, end: number, outside: string, { key, effort }: Reading): Content {
  const id = key && objectAt(outside, outside.length);
  if (!key || !id) return { rest: bytes.subarray(start), length: end - start };
  const rest = decryptStream(key, bytes.subarray(start, end), id, effort);
  return { rest, length: rest.length };
}

function takeImage(dictionary: string, open: () => Content, reading: Reading): void {
  if (reading.images.length >= maxImages || !isImageDictionary(dictionary)) return;
  spend(reading.effort, imageCost);
  const { rest, length } = open();
  const image = readPdfImage(dictionary, rest, length);
  if (image !== null) reading.images.push(image);
  if (reading.images.length >= maxImages) reading.limited = true;
}

/** Text between the streams, and the streams. */
function readBody(bytes: Buffer, text: string, reading: Reading): void {
  const places = openPlaces(text);
  let from = 0;
  let search = 0;
  for (;;) {
    if (reading.effort.left <= 0) {
      reading.limited = true;
      return;
    }
    const mark = text.indexOf("stream", search);
    if (mark === -1) break;
    // Readers allow for blanks before the line end, which the standard does not (7.3.8.1).
    const lineEnd = /^[ \t]{0,8}(?:\r\n?|\n)/.exec(text.slice(mark + 6, mark + 16))?.[0].length ?? 0;
    if (lineEnd === 0 || text.slice(mark - 3, mark) === "end") {
      search = mark + 6;
      spend(reading.effort, streamCost / 10);
      continue;
    }
    const outside = text.slice(from, mark);
    readObjects(outside, reading, reading.key);
    const start = mark + 6 + lineEnd;
    const dictionary = dictionaryOf(outside, reading.effort);
    const stop = streamEnd(text, start, dictionary, places);
    const open = () => contentOf(bytes, start, stop, outside, reading);
    takeImage(dictionary, open, reading);
    readStream(dictionary, open, reading);
    from = Math.min(text.length, objectWithin(text, start, stop, places));
    if (from === stop) from = Math.min(text.length, stop + 9);
    search = from;
  }
  readObjects(text.slice(from), reading, reading.key);
}

/** Whether the last trailer has more lines than `most`. Those that programs write have a few. */
function isLongTrailer(text: string, most: number): boolean {
  const start = text.lastIndexOf("trailer");
  if (start === -1) return false;
  const mark = text.indexOf("startxref", start);
  const end = mark === -1 ? text.length : mark;
  let lines = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end && lines <= most; at = text.indexOf("\n", at + 1))
    lines++;
  return lines > most;
}

/** Reads a file. Never throws. */
export function readPdf(content: Buffer, limits: PdfLimits, effort: Effort): PdfFindings {
  // However little effort there is, the beginning is looked at.
  const bytes = content.subarray(0, Math.min(limits.documentBytes, Math.max(65_536, effort.left / passedCost)));
  const text = bytes.toString("latin1");
  spend(effort, bytes.length * passedCost);
  const names: Names = { found: new Set(), hidden: "" };
  const reading: Reading = {
    limits,
    effort,
    key: fileKeyOf(text),
    names,
    urls: new Set(),
    images: [],
    spoken: [],
    spokenBytes: 0,
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
  if (launch && hasCommand(reading.spoken.join("\n").slice(0, commandBytes))) reading.suspicious ||= "command";
  if (hidden !== "") reading.suspicious ||= `/${hidden}`;
  return {
    encrypted: found.has("Encrypt"),
    javascript,
    automatic: (found.has("OpenAction") || found.has("AA")) && (javascript || launch),
    launch,
    embedded: found.has("EmbeddedFile") || found.has("EmbeddedFiles"),
    suspicious: reading.suspicious,
    longTrailer: isLongTrailer(text, limits.trailerLines),
    manyObjects: reading.objects > limits.objects,
    urls: [...reading.urls],
    images: reading.images,
    limited: reading.limited,
  };
}
