// The files of rules.d as modules. Node keeps a module for ever, so each reading imports them under a new address; what
// they import from beside them comes with it.

import { readdirSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Problem } from "../shared/config/problem.ts";

const shared = pathToFileURL(`${resolve(import.meta.dirname, "../shared")}/`);
/** ms for a file to say what it exports. */
const longest = 10_000;

/** The rule files of a folder in the order of their names; none when there is no folder. */
export function ruleFiles(folder: string): readonly string[] | Problem {
  try {
    const names = readdirSync(folder).filter((name) => /^[^._].*\.ts$/.test(name) && !/\.(test|d)\.ts$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
    return code === "ENOENT"
      ? []
      : problemAt(folder, 0, `cannot read this folder (${code}): it must be open to the filter`);
  }
}

/** What a file exports, read anew for each revision; or what is wrong with it, and where. */
export async function importRules(
  file: string,
  revision: number,
): Promise<Readonly<Record<string, unknown>> | Problem> {
  allowRuleImports();
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`does not load within ${longest / 1000} s`)), longest);
    });
    return await Promise.race([import(`${pathToFileURL(file).href}?revision=${revision}`), late]);
  } catch (thrown) {
    return problemOf(file, thrown);
  } finally {
    clearTimeout(timer);
  }
}

let allowed = false;

/** Lets rule files say "sluice/check.ts" for what lies in shared/, wherever they lie themselves. */
function allowRuleImports(): void {
  if (allowed) return;
  allowed = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith("sluice/")) {
        return next(new URL(specifier.slice("sluice/".length), shared).href, context);
      }
      const found = next(specifier, context);
      const parent = context.parentURL ?? "";
      const revision = /\?revision=\d+$/.exec(parent)?.[0];
      if (revision === undefined || !specifier.startsWith(".") || found.url.startsWith(shared.href)) return found;
      return { ...found, url: found.url + revision };
    },
  });
}

/** A contained error: the file is left out, or stays as it was before. */
export function problemAt(file: string, line: number, message: string): Problem {
  return { severity: "error", file, line, message, contained: true };
}

function problemOf(file: string, thrown: unknown): Problem {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const place = thrown instanceof Error ? placeIn(thrown.stack ?? "", resolve(file, "..")) : undefined;
  return problemAt(place?.file ?? file, place?.line ?? 0, `${basename(file)} is not used. ${message}`);
}

/** The first place of a stack that lies in the folder. Syntax errors name theirs in a line of its own, before all else. */
function placeIn(stack: string, folder: string): { readonly file: string; readonly line: number } | undefined {
  for (const [, address = "", line = ""] of stack.matchAll(
    /((?:file:\/\/)?\/[^\s()?]+\.[mc]?[jt]s)(?:\?revision=\d+)?:(\d+)/g,
  )) {
    const path = address.startsWith("file://") ? fileURLToPath(address) : address;
    if (path.startsWith(folder + sep)) return { file: path, line: Number(line) };
  }
  return undefined;
}
