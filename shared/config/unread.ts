// Files of a configuration folder that somebody put there and that count for nothing: a mistyped name, the wrong folder, Lua.

import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileReading } from "./files.ts";
import { fileNames, isLeftover, sectionOf } from "./layout.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { Node } from "./tree.ts";

/** Where Rspamd looks for Lua of the site: rules, plugins and their modules. */
const luaFolders = ["", "local.d", "override.d", "lua", "lua.local.d", "plugins.d"];

/** Names in a folder; none where there is no folder, or a closed one. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Files of local.d and override.d that `wasRead` does not know and no value names (as a map). */
export function reportUnread(
  reading: FileReading,
  folder: string,
  sections: readonly string[],
  wasRead: (path: string) => boolean,
): void {
  let named: string | undefined;
  for (const layer of ["local.d", "override.d"]) {
    for (const name of namesIn(join(folder, layer))) {
      const path = join(folder, layer, name);
      // What has a section and could not be read has been told.
      if (sectionOf(name, sections) !== undefined || isLeftover(name) || isLua(name)) continue;
      if (!isFile(path) || wasRead(path)) continue;
      named ??= textsOf([reading.root]).join("\n");
      if (named.includes(name)) continue;
      const problem: Problem = { severity: "warning", file: path, line: 0, message: "nothing reads this file" };
      const probably = nearestFile(name, fileNames(sections));
      reading.problems.push(probably === undefined ? problem : { ...problem, nearest: probably });
    }
  }
}

/**
 * Files that lie beside the main file and belong into a layer: actions.conf counts in local.d only. Rspamd's own folder
 * has such files, which its main file includes.
 */
export function reportBeside(
  reading: FileReading,
  folder: string,
  main: string | undefined,
  sections: readonly string[],
): void {
  const names = namesIn(folder);
  const warn = (name: string, message: string) =>
    reading.problems.push({ severity: "warning", file: join(folder, name), line: 0, message });
  if (names.includes("rspamd.conf")) {
    if (main === "sluice.conf")
      warn("rspamd.conf", "nothing reads this file: sluice.conf is there, and takes its place");
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    if (name === main || sectionOf(name, sections) === undefined || !isFile(path) || reading.files.has(path)) continue;
    warn(name, "nothing reads this file: it belongs into local.d, or the main file includes it");
  }
}

/** Lua of the site, which Rspamd would run. */
export function reportLua(reading: FileReading, folder: string): void {
  for (const inner of luaFolders) {
    for (const name of namesIn(join(folder, inner))) {
      const path = join(folder, inner, name);
      if (isLua(name) && isFile(path)) reading.unsupported.push({ name: join(inner, name), file: path, line: 0 });
    }
  }
}

function isLua(name: string): boolean {
  return name.endsWith(".lua");
}

/** By the name without its ending: actions.inc is actions.conf, however close other names with .inc are. */
function nearestFile(name: string, names: readonly string[]): string | undefined {
  const stemOf = (file: string) => file.replace(/\.[^.]*$/, "");
  const stems = new Map(names.map((known) => [stemOf(known), known]));
  const stem = stemOf(name);
  return stems.get(stem) ?? stems.get(nearest(stem, stems.keys()) ?? "");
}

function textsOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === "leaf") return [node.text];
    if (node.kind === "list") return textsOf(node.items);
    return [...node.keys.values()].flatMap(textsOf);
  });
}
