// Where an operator of this machine keeps things: the system's folders when they are there, else below the working folder.

import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Fault } from "../shared/fault.ts";

const defaultConfigFolder = existsSync("/etc/sluice") ? "/etc/sluice" : undefined;

/** The folder to read. It must be there and open to us, or a slip of the pen would mean "all defaults". */
export function configFolder(given: string | undefined): string | undefined {
  const folder = given ?? defaultConfigFolder;
  if (folder === undefined) return undefined;
  try {
    readdirSync(folder);
    accessSync(folder, constants.X_OK);
  } catch (thrown) {
    throw new Fault("bad-config", whyUnread(folder, thrown instanceof Error && "code" in thrown ? thrown.code : ""));
  }
  return folder;
}

function whyUnread(folder: string, code: unknown): string {
  if (code === "ENOENT") return `there is no folder ${folder}`;
  if (code !== "ENOTDIR") return `cannot read the folder ${folder} (${code}): who starts the filter must be able to`;
  const main = ["sluice.conf", "rspamd.conf"].includes(basename(folder));
  return `${folder} is a file: --config takes the folder${main ? `, ${dirname(folder)}` : " with sluice.conf"}`;
}

export const defaultDataFolder = isWritable("/var/lib/sluice") ? "/var/lib/sluice" : "data";

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
