// The last errors, for /errors (R 1.5).

import { toFault } from "../../shared/fault.ts";

const kept = 100;

export interface ErrorRow {
  /** Seconds since 1970. */
  readonly ts: number;
  readonly pid: number;
  /** The door, or the actor, where it happened. */
  readonly type: string;
  /** Path of the request, or name of the check. */
  readonly module: string;
  readonly id: string;
  readonly message: string;
}

export interface ErrorRing {
  add(type: string, module: string, thrown: unknown, id?: string): void;
  /** The newest first. */
  list(): readonly ErrorRow[];
}

/** `now` in ms. */
export function openErrorRing(now: () => number): ErrorRing {
  const rows: ErrorRow[] = [];
  return {
    add(type, module, thrown, id = "") {
      const message = toFault(thrown).message.slice(0, 512);
      rows.push({ ts: now() / 1000, pid: process.pid, type, module: module.slice(0, 128), id, message });
      if (rows.length > kept) rows.shift();
    },
    list: () => rows.toReversed(),
  };
}
