// A file of a map: one entry a line, a key and perhaps a value behind blanks; "#" begins a comment.

import { readFileSync, statSync } from "node:fs";
import { type Entry, keyReaders, type MapKind } from "./entry.ts";

/** Bytes of a file; of a larger one the rest is not read. */
export const largestMap = 16 * 1024 * 1024;
/** Entries of a file. */
export const mostLines = 500_000;
/** Lines of a file that are named when they cannot be read. */
const mostNamed = 5;

export interface MapFile {
  readonly entries: readonly Entry[];
  /** What an operator should know: file, line, what is wrong. */
  readonly problems: readonly string[];
}

/** Reads a file. One that is not there is empty: it may come. Never throws. */
export function readMapFile(path: string, kind: MapKind): MapFile {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { entries: [], problems: [] };
  // A named pipe or a device would never end.
  if (!stat.isFile()) return { entries: [], problems: [`${path} is not a file`] };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    return { entries: [], problems: [`cannot read ${path}: ${thrown instanceof Error ? thrown.message : thrown}`] };
  }
  const text = bytes.subarray(0, largestMap).toString("utf8");
  const read = parseMapLines(text, kind, path);
  if (bytes.length <= largestMap) return read;
  return { ...read, problems: [...read.problems, `${path} is larger than ${largestMap} bytes: the rest is not read`] };
}

export function parseMapLines(text: string, kind: MapKind, path: string): MapFile {
  const entries: Entry[] = [];
  const problems: string[] = [];
  let number = 0;
  let wrong = 0;
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("\n", start);
    if (end === -1) end = text.length;
    const line = text.slice(start, end);
    start = end + 1;
    number += 1;
    const entry = parseLine(line, kind);
    if (entry === undefined) continue;
    if (entry instanceof Error) {
      wrong += 1;
      if (wrong <= mostNamed) problems.push(`${path}:${number}: ${entry.message}`);
    } else if (entries.push(entry) >= mostLines) {
      problems.push(`${path} has more than ${mostLines} entries: the rest is not read`);
      break;
    }
  }
  if (wrong > mostNamed) problems.push(`${path}: ${wrong - mostNamed} more lines cannot be read`);
  return { entries, problems };
}

function parseLine(line: string, kind: MapKind): Entry | Error | undefined {
  const comment = line.indexOf("#");
  const text = (comment === -1 ? line : line.slice(0, comment)).trim();
  if (text === "") return undefined;
  const blank = text.search(/\s/);
  const key = keyReaders[kind](blank === -1 ? text : text.slice(0, blank));
  return key instanceof Error ? key : [key, blank === -1 ? "" : text.slice(blank).trim()];
}
