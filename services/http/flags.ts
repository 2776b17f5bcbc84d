// The words of the request header `Flags` (R 1.2).

import { scanFlags } from "../../shared/scan.ts";

export type Flag = (typeof scanFlags)[number];
const known: ReadonlySet<string> = new Set(scanFlags);

export interface Flags {
  readonly set: ReadonlySet<string>;
  /** Words that mean nothing here: to be logged, never a reason to refuse a mail. */
  readonly unknown: readonly string[];
}

const none: Flags = { set: new Set(), unknown: [] };

/** Reads "pass_all, groups". */
export function parseFlags(value: string | undefined): Flags {
  if (value === undefined || value === "") return none;
  const set = new Set<string>();
  const unknown: string[] = [];
  for (const piece of value.split(",", 64)) {
    const word = piece.trim().toLowerCase();
    if (known.has(word)) set.add(word);
    else if (word !== "") unknown.push(word.slice(0, 32));
  }
  return { set, unknown };
}

export function hasFlag(flags: Flags, flag: Flag): boolean {
  return flags.set.has(flag);
}
