// Where an operator of this machine keeps things: the system's folders when they are there, else below the working folder.

import { accessSync, constants, existsSync } from "node:fs";
import { Fault } from "../shared/fault.ts";

const defaultConfigFolder = existsSync("/etc/sluice") ? "/etc/sluice" : undefined;

/** The folder to read: what the operator names must be there, or a slip of the pen would mean "all defaults". */
export function configFolder(given: string | undefined): string | undefined {
  if (given !== undefined && !existsSync(given)) throw new Fault("bad-config", `there is no folder ${given}`);
  return given ?? defaultConfigFolder;
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
