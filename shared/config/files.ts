// Reading the files of a configuration: limits, includes, who includes whom.

import { type BigIntStats, globSync, readFileSync, realpathSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { dirname, resolve } from "node:path";
import { Fault, toFault } from "../fault.ts";
import type { Strategy } from "./duplicate.ts";
import { type IncludeRequest, parseInto, problemOf, type Reading } from "./parser.ts";
import type { Problem, Unsupported } from "./problem.ts";
import { fillTemplate } from "./template.ts";
import { emptyObject, type ObjectNode } from "./tree.ts";
import type { Variables } from "./variables.ts";

/** A larger file is a map or a mistake. */
export const largestFile = 16 * 1024 * 1024;
/** Files that include files that include files. */
const deepestInclude = 16;
/** Files read in all, one that is included twice counted twice. */
export const mostFiles = 2048;

/** A reading over files. */
export interface FileReading extends Reading {
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
  readonly files: Set<string>;
  /** By absolute path, as it was when it was read: each file, each one looked for in vain, each folder listed. */
  readonly stamps: Map<string, string>;
}

/** A text that differs when a file was written, replaced, added or removed; "" where there is nothing to be seen. */
export function stampOf(path: string): string {
  let stat: BigIntStats | undefined;
  try {
    stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  } catch {
    // In a folder that is closed to us: whoever reads the file says so.
    return "";
  }
  if (stat === undefined) return "";
  return `${stat.isDirectory() ? "folder" : "file"} ${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

/** Whether a stamp is that of a folder. */
export function isFolder(stamp: string): boolean {
  return stamp.startsWith("folder ");
}

/** Where a reading stands. */
interface Including {
  /** Files that are open: each was included by the one before it. */
  readonly open: string[];
  /** How many were read so far. */
  count: number;
}

export function openReading(variables: Variables): FileReading {
  const state: Including = { open: [], count: 0 };
  const reading: FileReading = {
    root: emptyObject({ file: "", line: 0, priority: 0 }),
    variables,
    problems: [],
    unsupported: [],
    files: new Set(),
    stamps: new Map(),
    include: (request) => includeFiles(reading, state, request),
    read: (path, from) => readText(reading, path, from),
  };
  return reading;
}

/** Reads one file of a layer into `into`. What is wrong in it becomes a problem; what stood before that counts. */
export function readInto(
  reading: FileReading,
  path: string,
  into: ObjectNode,
  priority: number,
  strategy: Strategy,
): void {
  const from = { file: path, line: 0, priority };
  reading.include?.({ pattern: path, from, into, optional: false, priority, strategy });
}

function includeFiles(reading: FileReading, state: Including, request: IncludeRequest): void {
  // Said once, and nothing more is read: files that include one another many times would never end.
  if (state.count > mostFiles) return;
  const { from, optional } = request;
  const isLayer = from.line === 0;
  // From the folder of the file that includes: a service may be started anywhere.
  const pattern = isLayer ? resolve(request.pattern) : resolve(dirname(from.file), request.pattern);
  const paths = !isLayer && /[*?[]/.test(request.pattern) ? globSync(pattern).sort() : [pattern];
  if (paths.length === 0 && !optional) problem(reading, from, `no file matches ${request.pattern}`);
  for (const path of paths) includeFile(reading, state, path, request);
}

function includeFile(reading: FileReading, state: Including, path: string, request: IncludeRequest): void {
  const { open } = state;
  if (state.count > mostFiles) return;
  state.count += 1;
  if (state.count > mostFiles) {
    problem(reading, request.from, `more than ${mostFiles} files are included`);
    return;
  }
  const { from, into, optional, priority, strategy } = request;
  let text: string;
  let real: string;
  try {
    text = readText(reading, path, from);
    real = realpathSync(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" && optional) return;
    problem(reading, from, error instanceof Fault ? error.message : `cannot read ${path} (${reasonOf(code)})`);
    return;
  }
  if (open.includes(real)) {
    problem(reading, from, `${path} includes itself`);
    return;
  }
  if (open.length >= deepestInclude) {
    problem(reading, from, `includes lie more than ${deepestInclude} deep`);
    return;
  }
  reading.files.add(path);
  open.push(real);
  try {
    const object = typeof into === "function" ? into(path) : into;
    parseInto(reading, path, fillTemplate(path, text, reading.variables), object, priority, strategy);
  } catch (error) {
    reading.problems.push(problemOf(toFault(error), path));
  } finally {
    open.pop();
  }
}

/** Why a file cannot be read, from the code of the system. */
function reasonOf(code: unknown): string {
  if (code === "ENOENT") return "there is no such file, or it is a link to nothing";
  if (code === "EACCES") return "it, or a folder above it, is closed to the filter";
  return code === "ELOOP" ? "the link leads to itself" : String(code);
}

/** The text of a file, which is watched from now on, also when it cannot be read. */
function readText(reading: FileReading, path: string, from: { file: string; line: number }): string {
  reading.stamps.set(path, stampOf(path));
  const stat = statSync(path);
  // A link to /dev/null is how a file of a package is switched off.
  if (stat.isCharacterDevice() && realpathSync(path) === devNull) return "";
  // A named pipe or a device would never end.
  if (!stat.isFile()) throw new Fault("bad-config", `${path} is not a file`);
  if (stat.size > largestFile) throw new Fault("bad-config", `${path} is larger than ${largestFile} bytes`);
  const bytes = readFileSync(path);
  // Every system's line ends; with a bare CR alone the first comment would be the whole file.
  const withLines = (text: string) => (text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text);
  try {
    return withLines(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    const message = `${path} is not UTF-8; it is read as Latin-1`;
    reading.problems.push({ severity: "warning", file: from.file, line: from.line, message });
    return withLines(bytes.toString("latin1"));
  }
}

function problem(reading: FileReading, from: { file: string; line: number }, message: string): void {
  reading.problems.push({ severity: "error", file: from.file, line: from.line, message });
}
