// The source of VBA macros: finds the modules of a project (MS-OVBA) and unpacks their text.

import { le16, le32 } from "../../shared/archive/bytes.ts";
import type { CompoundFile, Stream } from "./compound-file.ts";

/** Unpacks a compressed container (MS-OVBA, 2.4.1): chunks of 4,096 bytes, each with its own history. */
function decompressSource(bytes: Buffer, start: number, most: number): Buffer {
  const out = Buffer.alloc(Math.min(most, Math.max(0, bytes.length - start) * 2048));
  let length = 0;
  let at = start + 1;
  if (bytes[start] !== 1) return out.subarray(0, 0);
  while (at + 2 < bytes.length && length < out.length) {
    const head = le16(bytes, at);
    const end = Math.min(bytes.length, at + (head & 0x0fff) + 3);
    if (((head >> 12) & 7) !== 3) break;
    at += 2;
    const from = length;
    if ((head & 0x8000) === 0) {
      length += bytes.copy(out, length, at, Math.min(end, at + 4096));
      at = end;
      continue;
    }
    while (at < end && length < out.length) {
      const flags = bytes[at++] ?? 0;
      for (let bit = 0; bit < 8 && at < end && length < out.length; bit++) {
        if (((flags >> bit) & 1) === 0) {
          out[length++] = bytes[at++] ?? 0;
          continue;
        }
        const token = le16(bytes, at);
        at += 2;
        // The further a chunk has come, the more bits point back (2.4.1.3.19.1).
        let bits = 4;
        while (1 << bits < length - from) bits++;
        const back = (token >> (16 - bits)) + 1;
        const count = (token & (0xffff >> bits)) + 3;
        if (back > length - from) return out.subarray(0, length);
        for (let i = 0; i < count && length < out.length; i++) out[length] = out[length++ - back] ?? 0;
      }
    }
    at = end;
  }
  return out.subarray(0, length);
}

const nameRecord = 0x1a;
const offsetRecord = 0x31;
/** Its size field leaves out two bytes that follow (2.3.4.2.1.11). */
const versionRecord = 0x09;

/** Where the source begins in the stream of each module, by its name: from the stream "dir" (2.3.4.2). */
function moduleOffsets(dir: Buffer): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  let name = "";
  let at = 0;
  while (at + 6 <= dir.length) {
    const kind = le16(dir, at);
    const size = kind === versionRecord ? 6 : le32(dir, at + 2);
    const content = at + 6;
    if (kind === nameRecord) name = dir.toString("latin1", content, Math.min(content + size, content + 64));
    if (kind === offsetRecord) offsets.set(name, le32(dir, content));
    at = content + size;
  }
  return offsets;
}

/** Every module begins with attributes, and the first eight letters cannot be packed. */
const opening = "\0Attribut";

function sourceOf(stream: Buffer, offset: number | undefined, most: number): Buffer {
  if (offset !== undefined) {
    const source = decompressSource(stream, offset, most);
    if (source.length > 0) return source;
  }
  const found = stream.indexOf(opening, 0, "latin1");
  return found < 3 ? Buffer.alloc(0) : decompressSource(stream, found - 3, most);
}

export interface Macros {
  readonly present: boolean;
  /** Text of all modules, at most the limit. */
  readonly source: string;
  readonly limited: boolean;
}

/** Streams that are looked at for source. */
const maxModules = 200;
/** Streams that every project has. */
const projectStreams = new Set(["_vba_project", "dir"]);

/** The macros of a compound file. `most` bounds the bytes of source. */
export function readMacros({ storages, streams }: CompoundFile, most: number): Macros {
  const present =
    storages.some((name) => /^(?:macros|vba|_vba_project_cur)$/i.test(name)) ||
    streams.some(({ name }) => name.toLowerCase() === "_vba_project");
  if (!present) return { present, source: "", limited: false };
  const dir = streams.find(({ name }) => name.toLowerCase() === "dir");
  const offsets =
    dir === undefined ? new Map<string, number>() : moduleOffsets(decompressSource(dir.read(most), 0, most));
  const sources: string[] = [];
  let left = most;
  let modules = 0;
  for (const stream of streams) {
    if (left <= 0 || modules >= maxModules) break;
    if (projectStreams.has(stream.name.toLowerCase()) || !mayBeModule(stream, offsets)) continue;
    modules++;
    const source = sourceOf(stream.read(most), offsets.get(stream.name), left);
    left -= source.length;
    sources.push(source.toString("latin1"));
  }
  return { present, source: sources.join("\n"), limited: left <= 0 || modules >= maxModules };
}

/** Streams of documents that are large and hold no source. */
function mayBeModule({ name }: Stream, offsets: ReadonlyMap<string, number>): boolean {
  return (
    offsets.has(name) || !/^(?:worddocument|workbook|book|data|[01]table|pictures|powerpoint document)$/i.test(name)
  );
}
