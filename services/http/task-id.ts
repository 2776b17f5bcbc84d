// Names of tasks: short, and unique over all processes of a site for practical purposes.

import { randomBytes } from "node:crypto";

/** Who we are among the processes of a site. */
const prefix = randomBytes(4).toString("hex");
let count = 0;

/** The client's own tag when it has one that is safe in logs and file names, else a new name. */
export function nextTaskId(tag: string | undefined): string {
  if (tag !== undefined && /^[\w.:-]{1,64}$/.test(tag)) return tag;
  count = (count + 1) % 0x1_0000_0000;
  return `${prefix}${count.toString(16).padStart(6, "0")}`;
}
