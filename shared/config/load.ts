// From files to checked values in one go.

import type { Sections } from "../check.ts";
import { type LayersOptions, readLayers } from "./layers.ts";
import { type Problem, place, type Unsupported } from "./problem.ts";
import { findSymbols } from "./symbols.ts";
import type { ObjectNode } from "./tree.ts";
import { type Trace, validate } from "./validate.ts";
import type { Environment } from "./variables.ts";

export interface LoadOptions {
  /** Folder of the configuration. Without one, and with an empty or missing one, everything has its default. */
  readonly folder?: string | undefined;
  /** Everything that any service declares. */
  readonly sections: Sections;
  /** "section.key=value" from the command line. */
  readonly overrides?: readonly string[] | undefined;
  /** Names of all symbols that the actors declare. Without them symbols are not looked at. */
  readonly symbols?: ReadonlySet<string> | undefined;
  /** Default: that of the process. */
  readonly environment?: Environment | undefined;
}

export interface Loaded {
  /** By section; a value that is wrong has its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Ordered by file and line. */
  readonly problems: readonly Problem[];
  readonly unsupported: readonly Unsupported[];
  readonly traces: readonly Trace[];
  readonly root: ObjectNode;
  /** What was read, listed or looked for, with its state then; see files.ts. */
  readonly stamps: ReadonlyMap<string, string>;
}

export function load(options: LoadOptions): Loaded {
  const layered: LayersOptions = {
    folder: options.folder,
    sections: Object.keys(options.sections),
    overrides: options.overrides,
    environment: options.environment,
  };
  const layers = readLayers(layered);
  const { reading } = layers;
  const checked = validate(layers.root, options.sections, layers.packaged);
  const { values, traces, root } = checked;
  const found = options.symbols === undefined ? undefined : findSymbols(root, options.symbols, layers.packaged);
  return {
    values,
    problems: inOrder([...reading.problems, ...checked.problems, ...(found?.problems ?? [])]),
    unsupported: inOrder([...reading.unsupported, ...checked.unsupported, ...(found?.unsupported ?? [])]),
    traces,
    root,
    stamps: reading.stamps,
  };
}

/** By file and line, each once. */
function inOrder<Entry extends { readonly file: string; readonly line: number }>(entries: readonly Entry[]): Entry[] {
  const seen = new Map<string, Entry>();
  for (const entry of entries) seen.set(`${place(entry)} ${"name" in entry ? entry.name : ""}${textOf(entry)}`, entry);
  return [...seen.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
}

function textOf(entry: object): string {
  return "message" in entry ? String(entry.message) : "";
}
