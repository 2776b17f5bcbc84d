// Macros of UCL: .include, .try_include, .priority, .inherit, .load. A URL, a signature and Lua are refused or reported.

import { basename, dirname, extname, resolve } from "node:path";
import { Fault, toFault } from "../fault.ts";
import { faultAt, peek, skipBlanks, skipSpace } from "./cursor.ts";
import { addLeaf, addList, markInherited, openObject, type Strategy, strategies } from "./duplicate.ts";
import { type Chunk, expandAt, originAt, parseInto, problemOf, readKey, readQuoted, report } from "./parser.ts";
import { readWord } from "./scalar.ts";
import { readBare } from "./strings.ts";
import { copy, emptyObject, mergeObjects, type Node, type ObjectNode, type Origin } from "./tree.ts";

/** .load takes text into a value: longer texts belong into a map. */
const largestLoad = 1024 * 1024;
/** Values that are copied in all. */
const mostCopied = 10_000;

interface Macro {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
  readonly value: string;
  readonly origin: Origin;
}

/** Reads the macro at the cursor and does what it says to `object`. */
export function runMacro(chunk: Chunk, object: ObjectNode): void {
  const { cursor } = chunk;
  const start = cursor.at;
  const origin = originAt(chunk);
  cursor.at++;
  const name = readKey(chunk);
  const options = readOptions(chunk);
  skipBlanks(cursor);
  if (name === "lua") {
    skipBraces(chunk);
    chunk.reading.unsupported.push({ name: ".lua", file: origin.file, line: origin.line });
    return;
  }
  const quoted = readQuoted(chunk);
  const value = quoted === undefined ? expandAt(chunk, readBare(cursor), origin) : quoted.text;
  const macro: Macro = { name, options, value: quoted?.expands ? expandAt(chunk, value, origin) : value, origin };
  reportOptions(chunk, macro);
  if (name === "include" || name === "try_include") include(chunk, object, macro);
  else if (name === "priority") setPriority(chunk, macro);
  else if (name === "inherit") inherit(chunk, object, macro);
  else if (name === "load") load(chunk, object, macro);
  else if (name === "includes") {
    report(chunk, origin, ".includes (a signed file) is not supported; check it once and use .include");
  } else throw faultAt(cursor, `unknown macro .${name}`, start);
}

/** `(try=true; priority=10, duplicate=merge)`. */
function readOptions(chunk: Chunk): Map<string, string> {
  const { cursor } = chunk;
  const options = new Map<string, string>();
  skipBlanks(cursor);
  if (peek(cursor) !== "(") return options;
  const start = cursor.at;
  const end = cursor.text.indexOf(")", start);
  if (end < 0) throw faultAt(cursor, "this ( has no closing )");
  const inner = emptyObject(originAt(chunk));
  const plainReading = { root: inner, variables: chunk.variables, problems: [], unsupported: [] };
  try {
    parseInto(plainReading, cursor.file, cursor.text.slice(start + 1, end), inner, 0, "append");
  } catch (thrown) {
    throw faultAt(cursor, problemOf(toFault(thrown), cursor.file).message, start);
  }
  for (const [key, [first]] of inner.keys) {
    if (first?.kind !== "leaf") throw faultAt(cursor, `the option ${key} of a macro must be one value`, start);
    options.set(key, first.text);
  }
  cursor.at = end + 1;
  return options;
}

function yes(macro: Macro, option: string): boolean {
  return readWordValue(macro.options.get(option)) === true;
}

function readWordValue(text: string | undefined): unknown {
  const word = readWord(text ?? "");
  return word instanceof Error ? undefined : word.value;
}

const knownOptions: Readonly<Record<string, readonly string[]>> = {
  include: ["try", "priority", "duplicate", "glob", "prefix", "key", "target", "url", "sign"],
  load: ["try", "key", "target", "trim", "multiline", "priority"],
};

function reportOptions(chunk: Chunk, { name, origin, options }: Macro): void {
  const known = knownOptions[name === "try_include" ? "include" : name] ?? [];
  for (const option of options.keys()) {
    if (!known.includes(option)) report(chunk, origin, `unknown option ${option} of .${name}`);
  }
}

function include(chunk: Chunk, object: ObjectNode, macro: Macro): void {
  const { origin, options, value } = macro;
  if (value === "") throw faultAt(chunk.cursor, ".include needs a file name");
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(value) || yes(macro, "sign")) {
    report(chunk, origin, `${value}: a configuration is read from local files only; fetch it with a program of yours`);
    return;
  }
  if (chunk.reading.include === undefined) {
    report(chunk, origin, ".include cannot be used here");
    return;
  }
  const priority = priorityOf(chunk, macro, options.get("priority") ?? "0");
  chunk.reading.include({
    pattern: value,
    from: origin,
    into: placeOf(object, macro, priority),
    optional: macro.name === "try_include" || yes(macro, "try"),
    priority,
    strategy: strategyOf(chunk, macro),
  });
}

/** With `key`, or with `prefix` and the name of the file, it fills a section of this name or a further item of a list. */
function placeOf(object: ObjectNode, macro: Macro, priority: number): ObjectNode | ((path: string) => ObjectNode) {
  const key = macro.options.get("key");
  if (key === undefined && !yes(macro, "prefix")) return object;
  const origin = { ...macro.origin, priority };
  return (path) => {
    const name = key ?? basename(path, extname(path));
    if (macro.options.get("target") !== "array") return openObject(object, name, undefined, origin, "merge");
    const item = emptyObject(origin);
    addList(object, name, { kind: "list", items: [item], origin }, "append");
    return item;
  };
}

function strategyOf(chunk: Chunk, macro: Macro): Strategy {
  const word = macro.options.get("duplicate") ?? "append";
  const strategy = strategies.find((known) => known === word);
  if (strategy !== undefined) return strategy;
  report(chunk, macro.origin, `duplicate=${word}: must be one of ${strategies.join(", ")}`);
  return "append";
}

function priorityOf(chunk: Chunk, macro: Macro, text: string): number {
  const value = readWordValue(text);
  // libucl keeps priorities in four bits.
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 15) return value;
  report(chunk, macro.origin, `priority ${text}: must be a whole number from 0 to 15`);
  return 0;
}

function setPriority(chunk: Chunk, macro: Macro): void {
  chunk.priority = priorityOf(chunk, macro, macro.value);
}

/** Copies the keys of a section of the top level that are not given here yet. */
function inherit(chunk: Chunk, object: ObjectNode, macro: Macro): void {
  const parents = chunk.reading.root.keys.get(macro.value)?.filter((node) => node.kind === "object") ?? [];
  if (parents.length === 0 || parents.includes(object)) {
    report(chunk, macro.origin, `.inherit: there is no section ${macro.value} above this line at the top level`);
    return;
  }
  for (const [key, chain] of mergeObjects(parents)) {
    if (object.keys.has(key)) continue;
    // Sections that each inherit the one before twice would double with every line.
    chunk.reading.copied = (chunk.reading.copied ?? 0) + sizeOf(chain);
    if (chunk.reading.copied > mostCopied)
      throw faultAt(chunk.cursor, `.inherit has copied more than ${mostCopied} values`);
    const copies = chain.map(copy);
    for (const node of copies) markInherited(node);
    object.keys.set(key, copies);
  }
}

function sizeOf(nodes: Iterable<Node>): number {
  let size = 0;
  for (const node of nodes) {
    size += 1;
    if (node.kind === "list") size += sizeOf(node.items);
    else if (node.kind === "object") for (const chain of node.keys.values()) size += sizeOf(chain);
  }
  return size;
}

/** Takes the text of a file as the value of a key. */
function load(chunk: Chunk, object: ObjectNode, macro: Macro): void {
  const { origin, options } = macro;
  // A text that came with a message must not read files of this machine.
  if (chunk.reading.read === undefined) {
    report(chunk, origin, ".load cannot be used here");
    return;
  }
  const key = options.get("key");
  if (key === undefined) {
    report(chunk, origin, ".load needs a key");
    return;
  }
  let text: string;
  try {
    text = chunk.reading.read(resolve(dirname(origin.file), macro.value), origin);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const message = error instanceof Fault ? error.message : `cannot read ${macro.value}: ${String(error)}`;
    if (!missing || !yes(macro, "try")) report(chunk, origin, message);
    return;
  }
  if (text.length > largestLoad) {
    report(chunk, origin, `${macro.value} is larger than ${largestLoad} bytes`);
    return;
  }
  if (yes(macro, "trim")) text = text.trim();
  if (options.get("target") === "int") {
    const word = readWord(text.trim());
    if (word instanceof Error || typeof word.value !== "number")
      report(chunk, origin, `${macro.value} holds no number`);
    else addLeaf(object, key, { kind: "leaf", ...word, text: text.trim(), origin }, chunk.strategy);
    return;
  }
  const priority = priorityOf(chunk, macro, options.get("priority") ?? String(chunk.priority));
  addLeaf(object, key, { kind: "leaf", value: text, text, origin: { ...origin, priority } }, chunk.strategy);
}

function skipBraces(chunk: Chunk): void {
  const { cursor } = chunk;
  skipSpace(cursor);
  const start = cursor.at;
  if (peek(cursor) !== "{") throw faultAt(cursor, "after .lua goes {");
  let depth = 0;
  for (let at = start; at < cursor.text.length; at++) {
    const code = cursor.text.charCodeAt(at);
    if (code === 123) depth++;
    else if (code === 125 && --depth === 0) {
      cursor.at = at + 1;
      return;
    }
  }
  throw faultAt(cursor, "this { has no closing }", start);
}
