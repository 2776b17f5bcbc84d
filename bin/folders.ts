// Where an operator of this machine keeps things: the system's folders when they are there, else below the working folder.

import { accessSync, constants, existsSync } from "node:fs";

export const defaultConfigFolder = existsSync("/etc/sluice") ? "/etc/sluice" : undefined;

export const defaultDataFolder = isWritable("/var/lib/sluice") ? "/var/lib/sluice" : "data";

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
