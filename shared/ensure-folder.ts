// Makes a folder and those above it. Node's own `recursive` never ends where the system says that something is missing and
// nothing is, as below /proc.

import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Throws as `mkdirSync` does. One that is there already is fine. */
export function ensureFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) ensureFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (thrown) {
    // Another process may have been quicker.
    if (!isFolder(path)) throw thrown;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
