// Programs of the distribution that the tests run. A missing one is a failure that says what to install.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Path of a program. Throws with the name of the Debian package that has it. */
export function program(name: string, debianPackage: string): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin"];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is missing: apt-get install ${debianPackage}`);
}
