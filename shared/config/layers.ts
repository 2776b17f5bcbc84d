// The layers of a configuration folder, lowest first: main file (priority 0) with whatever it includes, local.d (1,
// merged), override.d (10, replaces), command line (100). R 4.2.

import { accessSync, constants, lstatSync, readdirSync, realpathSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { addLeaf, openObject, type Strategy } from "./duplicate.ts";
import { type FileReading, openReading, readInto, stampOf } from "./files.ts";
import { sectionOf } from "./layout.ts";
import { commandLine } from "./problem.ts";
import { emptyObject, type Node, type ObjectNode } from "./tree.ts";
import { parseTree } from "./ucl.ts";
import { namesIn, reportBeside, reportLua, reportUnread } from "./unread.ts";
import { type Environment, variablesOf } from "./variables.ts";

export interface LayersOptions {
  /** Folder with the main file, local.d and override.d. All of them may be missing; so may the folder. */
  readonly folder?: string | undefined;
  /** Names of the declared sections. */
  readonly sections: readonly string[];
  /** "section.key=value" from the command line. */
  readonly overrides?: readonly string[] | undefined;
  /** Default: that of the process. */
  readonly environment?: Environment | undefined;
}

export interface Layers {
  readonly reading: FileReading;
  readonly root: ObjectNode;
  /** Whether a file comes from a package of Rspamd and not from an operator. */
  readonly packaged: (file: string) => boolean;
}

const localPriority = 1;
const overridePriority = 10;
const commandLinePriority = 100;

const mainFiles = ["sluice.conf", "rspamd.conf"];

/** Files beside the main file that Rspamd's main file includes; they are read without one too. */
const beside: readonly [string, number][] = [
  ["rspamd.conf.local", 0],
  ["rspamd.conf.local.override", overridePriority],
  ["rspamd.conf.override", overridePriority],
];

/** Reads all layers into one tree. What is wrong is in `reading.problems`; nothing is thrown. */
export function readLayers(options: LayersOptions): Layers {
  const folder = options.folder === undefined ? undefined : resolve(options.folder);
  const reading = openReading(variablesOf(folder ?? ".", options.environment ?? process.env));
  const { root } = reading;
  let main: string | undefined;
  if (folder !== undefined) {
    for (const watched of [folder, join(folder, "local.d"), join(folder, "override.d")]) {
      reading.stamps.set(watched, stampOf(watched));
    }
    for (const layer of ["local.d", "override.d"]) reportClosed(reading, join(folder, layer));
    main = mainFiles.map((name) => join(folder, name)).find(isThere);
    if (main !== undefined) readInto(reading, main, root, 0, "append");
    readRest(reading, folder, options.sections);
    for (const [name, priority] of beside) {
      const path = join(folder, name);
      if (isThere(path) && !wasRead(reading, path)) readInto(reading, path, root, priority, "append");
    }
    reportUnread(reading, folder, options.sections, (path) => wasRead(reading, path));
    reportBeside(reading, folder, main === undefined ? undefined : basename(main), options.sections);
    reportLua(reading, folder);
  }
  for (const override of options.overrides ?? []) applyOverride(reading, override);
  const rspamd = main !== undefined && basename(main) === "rspamd.conf";
  return { reading, root, packaged: (file) => rspamd && folder !== undefined && isPackaged(folder, file) };
}

function isPackaged(folder: string, file: string): boolean {
  // Rspamd's own Lua lies elsewhere.
  if (!file.startsWith(folder + sep) || file.endsWith(".lua")) return false;
  const first = file.slice(folder.length + 1).split(sep)[0] ?? "";
  return first !== "local.d" && first !== "override.d" && !first.startsWith("rspamd.conf.");
}

/** Whether there is such a name, also that of a link to nothing: what is there and cannot be read is to be told. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** A layer that is there and that we may not read would count for nothing. */
function reportClosed(reading: FileReading, folder: string): void {
  try {
    readdirSync(folder);
    accessSync(folder, constants.X_OK);
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
    if (code === "ENOENT") return;
    const message =
      code === "ENOTDIR"
        ? "a folder is expected here"
        : `cannot read this folder (${code}): it must be open to the filter`;
    reading.problems.push({ severity: "error", file: folder, line: 0, message });
  }
}

function wasRead(reading: FileReading, path: string): boolean {
  if (reading.files.has(path)) return true;
  try {
    return reading.files.has(realpathSync(path));
  } catch {
    return false;
  }
}

const layers: readonly (readonly [folder: string, priority: number, strategy: Strategy])[] = [
  ["local.d", localPriority, "merge"],
  ["override.d", overridePriority, "append"],
];

/**
 * The files of local.d and override.d that the main file did not include, each into its section. In the order of Rspamd's own
 * configuration: both files of a section, and groups.conf after those of single groups, so that it adds to both.
 */
function readRest(reading: FileReading, folder: string, sections: readonly string[]): void {
  const waiting = layers.flatMap(([layer, priority, strategy]) =>
    namesIn(join(folder, layer)).flatMap((name) => {
      const section = sectionOf(name, sections);
      const path = join(folder, layer, name);
      if (section === undefined || wasRead(reading, path)) return [];
      return [{ path, section, priority, strategy }];
    }),
  );
  waiting.sort((a, b) => Number(a.section.length === 0) - Number(b.section.length === 0));
  for (const { path, section, priority, strategy } of waiting) {
    readInto(reading, path, openSection(reading.root, section, path), priority, strategy);
  }
}

/** The object at a path, made where there is none. */
function openSection(root: ObjectNode, path: readonly string[], file: string): ObjectNode {
  let object = root;
  for (const [index, key] of path.entries()) {
    const found = object.keys.get(key)?.find((node) => node.kind === "object" && holds(node, path[index + 1]));
    const usable = found ?? object.keys.get(key)?.find((node) => node.kind === "object");
    if (usable?.kind === "object") {
      object = usable;
      continue;
    }
    object = openObject(object, key, undefined, { file, line: 1, priority: 0 }, "append");
  }
  return object;
}

function holds(node: ObjectNode, key: string | undefined): boolean {
  return key === undefined || node.keys.has(key);
}

/** "section.key=value" as the layer above all others. The value is UCL; what is none is text. */
function applyOverride(reading: FileReading, override: string): void {
  const complain = (message: string) =>
    reading.problems.push({ severity: "error", file: commandLine, line: 0, message: `--set ${override}: ${message}` });
  const [, names = "", value = ""] = /^([^=\s]+?)\s*=\s*([\s\S]*)$/.exec(override) ?? [];
  const path = names.split(".");
  const key = path.pop();
  if (names === "" || key === undefined || path.length === 0 || path.includes("") || key === "") {
    complain("must be section.key=value");
    return;
  }
  const origin = { file: commandLine, line: 0, priority: commandLinePriority };
  const parsed = parseTree(`value = ${value}`, commandLine, reading.variables, commandLinePriority);
  const chain = parsed.root.keys.get("value");
  const clean = parsed.problems.length === 0 && chain !== undefined && parsed.root.keys.size === 1;
  const object = openSection(reading.root, path, commandLine);
  if (clean)
    object.keys.set(
      key,
      chain.map((node) => withoutLines(node)),
    );
  else addLeaf(object, key, { kind: "leaf", value, text: value, origin }, "rewrite");
}

/** The command line has no lines. */
function withoutLines(node: Node): Node {
  const origin = { file: commandLine, line: 0, priority: commandLinePriority };
  if (node.kind === "leaf") return { ...node, origin };
  if (node.kind === "list") return { ...node, items: node.items.map(withoutLines), origin };
  const object = emptyObject(origin);
  for (const [key, chain] of node.keys) object.keys.set(key, chain.map(withoutLines));
  return object;
}
