// Where the entries of a map come from: written into the configuration, or in files of one entry a line, which are read
// again when they change (live-map.ts).

import { existsSync } from "node:fs";
import { custom, type Field, type Notes } from "../config/schema.ts";
import type { Ucl } from "../config/ucl.ts";
import { type Entry, keyReaders, type MapKind } from "./entry.ts";
import { readMapFile } from "./file.ts";

export interface MapSource {
  readonly entries: readonly Entry[];
  /** Paths. */
  readonly files: readonly string[];
}

export const emptySource: MapSource = { entries: [], files: [] };

/** Of the sources that a configuration made: for a look at their files. */
const kinds = new WeakMap<object, { readonly kind: MapKind; readonly files: readonly string[] }>();

/** What is wrong in the files of all maps within a value of configuration, "file:line: reason". */
export function mapProblems(value: unknown): readonly string[] {
  const problems = new Set<string>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    const map = kinds.get(part);
    if (map === undefined) for (const inner of Object.values(part)) visit(inner);
    else for (const file of map.files) for (const text of readMapFile(file, map.kind).problems) problems.add(text);
  };
  visit(value);
  return [...problems];
}

/** Entries in the configuration itself; who has more keeps them in a file. */
const mostEntries = 20_000;
const mostFiles = 64;

/**
 * A map in configuration, as Rspamd's operators write it: an entry, `[entry, value]`, the path of a file, or a list of
 * these. Addresses on the Web are listed as unsupported: nothing is fetched.
 */
export function mapSource(kind: MapKind, about: string): Field<MapSource> {
  return custom(emptySource, `${about} A list, or the path of a file with one a line.`, parser(kind), print);
}

/** The `parse` of such a field, for a map that is part of a larger value. `path` leads to it. */
export function parser(kind: MapKind, path: readonly string[] = []): (value: Ucl, notes: Notes) => MapSource | Error {
  return (value, notes) => {
    const entries: Entry[] = [];
    const files: string[] = [];
    const items = Array.isArray(value) ? value : [value];
    if (items.length > mostEntries) return new Error(`has more than ${mostEntries} entries: put them into a file`);
    for (const [index, item] of items.entries()) {
      const place = Array.isArray(value) ? [...path, index] : path;
      if (item === null) continue;
      if (typeof item === "string" && isAddress(item)) notes.unsupported(place);
      else if (typeof item === "string" && isPath(item)) {
        const file = item.replace(/^(?:fallback\+)?file:\/\//, "");
        files.push(file);
        if (files.length > mostFiles) return new Error(`has more than ${mostFiles} files`);
        // Rspamd's name for a file that an operator may add.
        if (!existsSync(file) && !file.endsWith(".local")) notes.warn(place, `is not there: ${file} counts as empty`);
      } else {
        const entry = readEntry(kind, item);
        if (entry instanceof Error) return entry;
        entries.push(entry);
      }
    }
    const source: MapSource = { entries, files };
    kinds.set(source, { kind, files });
    return source;
  };
}

export function print({ entries, files }: MapSource): Ucl {
  return [...entries.map(([key, value]) => (value === "" ? key : [key, value])), ...files];
}

function readEntry(kind: MapKind, item: Ucl): Entry | Error {
  const [key, value = "", ...others] = Array.isArray(item) ? item : [item];
  const isValue = typeof value === "string" || typeof value === "number";
  if (typeof key !== "string" || !isValue || others.length > 0)
    return new Error("is a list of texts, or [text, value]");
  const read = keyReaders[kind](key.trim());
  return read instanceof Error ? read : [read, String(value)];
}

function isAddress(text: string): boolean {
  return /^(?:sign\+|key=\S+\+)?(?:https?|ftp|redis):\/\//i.test(text);
}

function isPath(text: string): boolean {
  return /^(?:(?:fallback\+)?file:\/\/|\.{0,2}\/)/.test(text);
}
