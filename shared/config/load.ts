// From files to checked values in one go.

import type { Sections } from "../check.ts";
import type { Fault } from "../fault.ts";
import { holdValues } from "./held.ts";
import { type LayersOptions, readLayers } from "./layers.ts";
import type { LiveConfig } from "./live.ts";
import { hasErrors, type Problem, place, type Unsupported } from "./problem.ts";
import { findSymbols } from "./symbols.ts";
import { mergeObjects, type Node, type ObjectNode } from "./tree.ts";
import { type Trace, validate } from "./validate.ts";
import type { Environment } from "./variables.ts";

export interface LoadOptions {
  /** Folder of the configuration. Without one, and with an empty or missing one, everything has its default. */
  readonly folder?: string | undefined;
  /** Everything that any service declares. */
  readonly sections: Sections;
  /** "section.key=value" from the command line. */
  readonly overrides?: readonly string[] | undefined;
  /** Names of all symbols that the actors raise under these values. Without it symbols are not looked at. */
  readonly symbols?: ((config: Pick<LiveConfig, "get">) => ReadonlySet<string>) | undefined;
  /**
   * Looks at values that are each right, together. Answers with faults `bad-config` whose message begins with the key:
   * "composites.SPAM.expression: ...".
   */
  readonly validate?: ((config: Pick<LiveConfig, "get">) => readonly Fault[]) | undefined;
  /** The like for what is odd and not wrong: texts that begin with the key. Not asked while something is wrong. */
  readonly warn?: ((config: Pick<LiveConfig, "get">) => readonly string[]) | undefined;
  /** Default: that of the process. */
  readonly environment?: Environment | undefined;
}

export interface Loaded {
  /** By section; a value that is wrong has its default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Ordered by file and line. */
  readonly problems: readonly Problem[];
  /** Ordered likewise; what a package's files say comes last. */
  readonly unsupported: readonly Unsupported[];
  readonly traces: readonly Trace[];
  readonly root: ObjectNode;
  /** Whether a file comes from a package of Rspamd and not from an operator. */
  readonly packaged: (file: string) => boolean;
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
  const { config } = holdValues(options.sections, values);
  if (!hasErrors([...reading.problems, ...checked.problems])) {
    const faults = options.validate?.(config) ?? [];
    for (const fault of faults) checked.problems.push(problemAt(root, fault.message, options.folder));
    const odd = options.warn?.(config) ?? [];
    for (const text of odd) checked.problems.push({ ...problemAt(root, text, options.folder), severity: "warning" });
  }
  const found = options.symbols && findSymbols(root, options.symbols(config), layers.packaged);
  const unsupported = inOrder([...reading.unsupported, ...checked.unsupported, ...(found?.unsupported ?? [])]);
  const isOwn = ({ file }: Unsupported) => !layers.packaged(file);
  return {
    values,
    problems: inOrder([...reading.problems, ...checked.problems, ...(found?.problems ?? [])]),
    unsupported: [...unsupported.filter(isOwn), ...unsupported.filter((one) => !isOwn(one))],
    traces,
    root,
    packaged: layers.packaged,
    stamps: reading.stamps,
  };
}

/** A problem at the value that the message begins with, or at the nearest part above it that the files give. */
function problemAt(root: ObjectNode, message: string, folder: string | undefined): Problem {
  const [named = ""] = message.split(": ", 1);
  let nodes: readonly Node[] = [root];
  let rest = named;
  while (rest !== "") {
    const given = mergeObjects(nodes.filter((node) => node.kind === "object"));
    // Names may have dots in them: the longest that fits.
    const fitting = [...given].filter(([key]) => rest === key || rest.startsWith(`${key}.`));
    const [next] = fitting.sort(([a], [b]) => b.length - a.length);
    if (next === undefined) break;
    nodes = next[1];
    rest = rest.slice(next[0].length + 1);
  }
  const { file, line } = nodes[0]?.origin ?? root.origin;
  return { severity: "error", file: file === "" ? (folder ?? "defaults") : file, line, message };
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
