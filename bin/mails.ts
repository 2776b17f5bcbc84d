// Finds the mails that a command line names: files, folders (all files below, Maildir included), "-".

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

export async function findMails(names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    if (name === "-" || !(await stat(name)).isDirectory()) {
      found.push(name);
      continue;
    }
    const entries = await readdir(name, { recursive: true, withFileTypes: true });
    for (const entry of entries) if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
  }
  return found;
}
