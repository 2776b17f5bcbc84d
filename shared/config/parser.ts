// The grammar of UCL: entries, sections, lists, values. Text in, tree filled. Macros are in macros.ts.

import type { Fault } from "../fault.ts";
import {
  type Cursor,
  faultAt,
  isBlank,
  lineOf,
  newline,
  openCursor,
  peek,
  skipBlanks,
  skipSeparators,
  skipSpace,
} from "./cursor.ts";
import { addLeaf, addList, openObject, type Strategy } from "./duplicate.ts";
import { runMacro } from "./macros.ts";
import type { Problem, Unsupported } from "./problem.ts";
import { readWord } from "./scalar.ts";
import { type Quoted, readBare, readDoubleQuoted, readHeredoc, readSingleQuoted } from "./strings.ts";
import { emptyObject, type Leaf, type ListNode, type Node, type ObjectNode, type Origin } from "./tree.ts";
import { expand, placeVariables, type Variables } from "./variables.ts";

/** Sections and lists inside each other. */
export const deepest = 64;

/** What one reading shares over all of its files. */
export interface Reading {
  readonly root: ObjectNode;
  readonly variables: Variables;
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
  /** Reads the files of a pattern into `into`; see files.ts. Absent where includes make no sense. */
  readonly include?: (request: IncludeRequest) => void;
  /** The text of a file; throws where there is none. Absent like `include`. */
  readonly read?: (path: string, from: Origin) => string;
  /** Values that `.inherit` has copied so far. */
  copied?: number;
}

export interface IncludeRequest {
  readonly pattern: string;
  /** File and line of the macro. */
  readonly from: Origin;
  /** The section to fill, or how to open it for the file of a path. */
  readonly into: ObjectNode | ((path: string) => ObjectNode);
  /** A missing file is fine. */
  readonly optional: boolean;
  readonly priority: number;
  readonly strategy: Strategy;
}

/** One file, or one text, in the course of being parsed. */
export interface Chunk {
  readonly reading: Reading;
  readonly cursor: Cursor;
  readonly strategy: Strategy;
  readonly variables: Variables;
  priority: number;
}

/** Parses `text` into `into`. Throws the fault `bad-config` at the first thing that is no UCL. */
export function parseInto(
  reading: Reading,
  file: string,
  text: string,
  into: ObjectNode,
  priority: number,
  strategy: Strategy,
): void {
  const cursor = openCursor(file, text);
  const { variables: known } = reading;
  // A text that is no file lies nowhere.
  const variables = reading.include === undefined ? known : new Map([...known, ...placeVariables(file)]);
  const chunk: Chunk = { reading, cursor, strategy, priority, variables };
  const nul = text.indexOf("\0");
  if (nul >= 0) throw faultAt(cursor, "a NUL byte; this is no configuration file", nul);
  skipSpace(cursor);
  // The outermost braces are optional; without them the file ends the section.
  if (peek(cursor) === "{") {
    cursor.at++;
    parseEntries(chunk, into, 0, cursor.at - 1);
    skipSeparators(cursor);
    if (cursor.at < text.length) throw faultAt(cursor, "there is more after the closing }");
  } else {
    parseEntries(chunk, into, 0, undefined);
  }
}

export function originAt({ cursor, priority }: Chunk): Origin {
  return { file: cursor.file, line: lineOf(cursor, cursor.at), priority };
}

/** Entries up to the `}` of the brace at `opened`, or to the end of the text where there is none. */
function parseEntries(chunk: Chunk, object: ObjectNode, depth: number, opened: number | undefined): void {
  const { cursor } = chunk;
  if (depth > deepest) throw faultAt(cursor, `sections lie more than ${deepest} deep`);
  for (;;) {
    skipSeparators(cursor);
    const next = peek(cursor);
    if (next === "") {
      if (opened === undefined) return;
      throw faultAt(cursor, "this { has no closing }", opened);
    }
    if (next === "}") {
      if (opened === undefined) throw faultAt(cursor, "this } closes nothing");
      cursor.at++;
      return;
    }
    if (next === "." && /[a-z]/.test(cursor.text[cursor.at + 1] ?? "")) runMacro(chunk, object);
    else parseEntry(chunk, object, depth);
  }
}

function parseEntry(chunk: Chunk, object: ObjectNode, depth: number): void {
  const { cursor } = chunk;
  const start = cursor.at;
  const origin = originAt(chunk);
  const key = readKey(chunk);
  skipBlanks(cursor);
  const separator = peek(cursor);
  if (separator === "=" || separator === ":") {
    cursor.at++;
    if (peek(cursor) === "=") throw faultAt(cursor, "unexpected second =");
    skipSpace(cursor);
  } else {
    if (separator === "\n") {
      skipSpace(cursor);
      if (peek(cursor) !== "{") throw faultAt(cursor, `${key} has no value`, start);
    }
    if (namesAhead(cursor)) {
      // key name {}: an object in an object, as deep as there are names.
      if (depth > deepest) throw faultAt(cursor, `sections lie more than ${deepest} deep`);
      const name = nameAhead(chunk);
      const outer = openObject(object, key, name, origin, chunk.strategy);
      parseEntry(chunk, outer, depth + 1);
      return;
    }
  }
  parseValue(chunk, object, key, origin, depth);
}

function parseValue(chunk: Chunk, object: ObjectNode, key: string, origin: Origin, depth: number): void {
  const { cursor } = chunk;
  const next = peek(cursor);
  if (next === "{") {
    const inner = openObject(object, key, undefined, origin, chunk.strategy);
    cursor.at++;
    parseEntries(chunk, inner, depth + 1, cursor.at - 1);
    return;
  }
  if (next === "[") {
    addList(object, key, parseList(chunk, depth + 1), chunk.strategy);
    return;
  }
  if (next === "" || ";,}]".includes(next)) throw faultAt(cursor, `${key} has no value`);
  const leaf = parseLeaf(chunk);
  // libucl takes `a = 1 b = 2` for the text "1 b = 2".
  if (typeof leaf.value === "string" && leaf.bare && /^\S{1,200}\s+"?[A-Za-z_]\w{0,60}"?\s*[=:]\s/.test(leaf.text)) {
    warn(chunk, leaf.origin, `the value of ${key} is all of "${leaf.text.slice(0, 60)}"; is a ; missing?`);
  }
  addLeaf(object, key, leaf, chunk.strategy);
}

function parseList(chunk: Chunk, depth: number): ListNode {
  const { cursor } = chunk;
  const start = cursor.at;
  if (depth > deepest) throw faultAt(cursor, `lists lie more than ${deepest} deep`);
  const list: ListNode = { kind: "list", items: [], origin: originAt(chunk) };
  cursor.at++;
  for (;;) {
    skipSeparators(cursor);
    const next = peek(cursor);
    if (next === "") throw faultAt(cursor, "this [ has no closing ]", start);
    if (next === "}") throw faultAt(cursor, `] expected for the [ of line ${lineOf(cursor, start)}`);
    if (next === "]") {
      cursor.at++;
      return list;
    }
    list.items.push(parseItem(chunk, depth));
  }
}

function parseItem(chunk: Chunk, depth: number): Node {
  const { cursor } = chunk;
  if (peek(cursor) === "[") return parseList(chunk, depth + 1);
  if (peek(cursor) !== "{") return parseLeaf(chunk);
  const object = emptyObject(originAt(chunk));
  cursor.at++;
  parseEntries(chunk, object, depth + 1, cursor.at - 1);
  return object;
}

interface ParsedLeaf extends Leaf {
  readonly bare?: true;
}

function parseLeaf(chunk: Chunk): ParsedLeaf {
  const { cursor } = chunk;
  const start = cursor.at;
  const origin = originAt(chunk);
  const quoted = readQuoted(chunk);
  if (quoted !== undefined) {
    const text = quoted.expands ? expandAt(chunk, quoted.text, origin) : quoted.text;
    requireEnd(cursor);
    return { kind: "leaf", value: text, text, origin };
  }
  const text = expandAt(chunk, readBare(cursor), origin);
  const word = readWord(text);
  if (word instanceof Error) throw faultAt(cursor, word.message, start);
  return { kind: "leaf", ...word, text, origin, bare: true };
}

/** A string in quotes or a heredoc; undefined where something bare stands. */
export function readQuoted(chunk: Chunk): Quoted | undefined {
  const next = peek(chunk.cursor);
  if (next === '"') return readDoubleQuoted(chunk.cursor);
  if (next === "'") return readSingleQuoted(chunk.cursor);
  return next === "<" ? readHeredoc(chunk.cursor) : undefined;
}

export function expandAt(chunk: Chunk, text: string, origin: Origin): string {
  return expand(text, chunk.variables, (name, probably) => {
    warn(chunk, origin, `there is no variable \${${name}}; it stays as it is`, probably);
  });
}

function requireEnd(cursor: Cursor): void {
  const after = cursor.text.charCodeAt(cursor.at);
  if (isBlank(after) || after === 35 || after === 47) skipBlanks(cursor);
  const next = peek(cursor);
  if (next !== "" && !";,}]\n".includes(next)) throw faultAt(cursor, "a ; is missing after the string");
}

/** Whether `name {` or `"name" {` stands before the end of this value. */
function namesAhead(cursor: Cursor): boolean {
  const { text } = cursor;
  if (text[cursor.at] === "{") return false;
  let quote = 0;
  for (let at = cursor.at; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === newline) return false;
    if (quote !== 0) {
      if (code === 92) at++;
      else if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 123) return true;
    else if (code === 59 || code === 44 || code === 35 || code === 91 || code === 125) return false;
  }
  return false;
}

function nameAhead(chunk: Chunk): string {
  const { cursor } = chunk;
  const at = cursor.at;
  const name = readKey(chunk);
  cursor.at = at;
  return name;
}

const keyShape = /[^\s="':;,#{}[\]()]+/y;

export function readKey(chunk: Chunk): string {
  const { cursor } = chunk;
  const start = cursor.at;
  if (peek(cursor) === '"') return readDoubleQuoted(cursor).text;
  if (peek(cursor) === "'") return readSingleQuoted(cursor).text;
  keyShape.lastIndex = start;
  const key = keyShape.exec(cursor.text)?.[0];
  if (key === undefined) throw faultAt(cursor, `a key was expected, not ${JSON.stringify(peek(cursor))}`);
  cursor.at += key.length;
  return key;
}

export function warn(chunk: Chunk, at: Origin, message: string, probably?: string): void {
  const problem: Problem = { severity: "warning", file: at.file, line: at.line, message };
  chunk.reading.problems.push(probably === undefined ? problem : { ...problem, nearest: probably });
}

export function report(chunk: Chunk, at: Origin, message: string): void {
  chunk.reading.problems.push({ severity: "error", file: at.file, line: at.line, message });
}

/** The line of a fault that the parser threw, as a problem: "file:12: reason". */
export function problemOf(fault: Fault, file: string): Problem {
  const shape = /^(.*?):(\d+): ([\s\S]*)$/.exec(fault.message);
  if (shape === null) return { severity: "error", file, line: 0, message: fault.message };
  const [, where = file, line = "0", message = fault.message] = shape;
  return { severity: "error", file: where, line: Number(line), message };
}
