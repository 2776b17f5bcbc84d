// A file of a map: one entry a line, a key and perhaps a value behind blanks; "#" begins a comment.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type Entry, keyReaders, type MapKind } from "./entry.ts";

/** Bytes of a file; of a larger one the rest is not read. */
export const largestMap = 16 * 1024 * 1024;
/** Entries of a file. */
export const mostLines = 500_000;
/** Characters of a line. */
const longestLine = 4096;
/** Lines of a file that are named when they cannot be read. */
const mostNamed = 5;
/** Lines that cannot be read after which a file is none of ours: each costs a look. */
const mostWrong = 10_000;

export interface MapFile {
  readonly entries: readonly Entry[];
  /** What an operator should know: file, line, what is wrong. */
  readonly problems: readonly string[];
}

/** What stands in a file, or why nobody knows. */
export type MapText =
  | { readonly kind: "text"; readonly text: string; readonly problems: readonly string[] }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly problem: string };

/** Reads a file. One that is not there is empty: it may come. Never throws. */
export function readMapFile(path: string, kind: MapKind): MapFile {
  const read = readMapText(path);
  if (read.kind === "absent") return { entries: [], problems: [] };
  if (read.kind === "unreadable") return { entries: [], problems: [read.problem] };
  const { entries, problems } = parseMapLines(read.text, kind, path);
  return { entries, problems: [...problems, ...read.problems] };
}

/** The text of a file, line ends as LF. Never throws. */
export function readMapText(path: string): MapText {
  try {
    // A named pipe or a device would never end, and opening one may do something.
    if (!statSync(path).isFile()) return { kind: "unreadable", problem: `${path} is not a file` };
    const { bytes, isWhole } = readStart(path);
    // What is cut off in the middle of a line could be another key: 10.0.0.1 of 10.0.0.128.
    const end = isWhole ? bytes.length : bytes.lastIndexOf(10) + 1;
    const text = bytes.toString("utf8", 0, end);
    const problems = isWhole ? [] : [`${path} is larger than ${largestMap} bytes: the rest is not read`];
    return { kind: "text", text: text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text, problems };
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return { kind: "absent" };
    const why = thrown instanceof Error ? thrown.message : thrown;
    return { kind: "unreadable", problem: `cannot read ${path}: ${why}` };
  }
}

/** The first `largestMap` bytes: a file may be larger than memory. */
function readStart(path: string): { bytes: Buffer; isWhole: boolean } {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(Math.min(fstatSync(file).size, largestMap) + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || length === bytes.length) break;
    }
    // What was added since its size was asked for is read when it is looked at next.
    return { bytes: bytes.subarray(0, Math.min(length, largestMap)), isWhole: length <= largestMap };
  } finally {
    closeSync(file);
  }
}

export function parseMapLines(text: string, kind: MapKind, path: string): MapFile {
  const entries: Entry[] = [];
  const lines = openLines(text, kind, path, (key, value) => entries.push([key, value]));
  lines.read(Number.POSITIVE_INFINITY);
  return { entries, problems: lines.problems() };
}

/** A text in the course of being read. */
export interface MapLines {
  /** Reads so many further lines. Whether that was the end. */
  read(most: number): boolean;
  /** Whether not one line could be read, and there were some. */
  isRubbish(): boolean;
  problems(): readonly string[];
}

/** Reads lines in slices: a large file must not keep mail waiting. `add` is told of each entry. */
export function openLines(
  text: string,
  kind: MapKind,
  path: string,
  add: (key: string, value: string) => void,
): MapLines {
  const named: string[] = [];
  let start = 0;
  let number = 0;
  let wrong = 0;
  let count = 0;
  let ended = "";
  return {
    read(most) {
      for (const last = number + most; number < last && start < text.length && ended === ""; ) {
        let end = text.indexOf("\n", start);
        if (end === -1) end = text.length;
        const entry = end - start > longestLine ? tooLong : parseLine(text.slice(start, end), kind);
        start = end + 1;
        number += 1;
        if (entry === undefined) continue;
        if (entry instanceof Error) {
          wrong += 1;
          if (wrong <= mostNamed) named.push(`${path}:${number}: ${entry.message}`);
          if (wrong > mostWrong)
            ended = `${path} has more than ${mostWrong} lines that cannot be read: the rest is not read`;
        } else {
          add(entry[0], entry[1]);
          count += 1;
          if (count >= mostLines) ended = `${path} has more than ${mostLines} entries: the rest is not read`;
        }
      }
      return start >= text.length || ended !== "";
    },
    isRubbish: () => count === 0 && wrong > 0,
    problems() {
      const more = wrong > mostNamed ? [`${path}: ${wrong - mostNamed} more lines cannot be read`] : [];
      return [...named, ...(ended === "" ? [] : [ended]), ...more];
    },
  };
}

const tooLong = new Error(`is longer than ${longestLine} characters`);

function parseLine(line: string, kind: MapKind): Entry | Error | undefined {
  const comment = line.indexOf("#");
  const text = (comment === -1 ? line : line.slice(0, comment)).trim();
  if (text === "") return undefined;
  const blank = text.search(/\s/);
  const key = keyReaders[kind](blank === -1 ? text : text.slice(0, blank));
  return key instanceof Error ? key : [key, blank === -1 ? "" : text.slice(blank).trim()];
}
