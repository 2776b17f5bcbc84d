// The last errors, for /errors (R 1.5).

import { toFault } from "../../shared/fault.ts";
import { ownText } from "../../shared/own-text.ts";

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
  /** What was added here since the last time, for other worker processes. */
  take(): readonly ErrorRow[];
  /** Adds rows of another process. */
  absorb(rows: readonly ErrorRow[]): void;
}

/** `now` in ms. */
export function openErrorRing(now: () => number): ErrorRing {
  let rows: ErrorRow[] = [];
  let fresh: ErrorRow[] = [];
  return {
    add(type, module, thrown, id = "") {
      const message = ownText((typeof thrown === "string" ? thrown : toFault(thrown).message).slice(0, 512));
      const row = { ts: now() / 1000, pid: process.pid, type, module: ownText(module.slice(0, 128)), id, message };
      for (const to of [rows, fresh]) {
        to.push(row);
        if (to.length > kept) to.shift();
      }
    },
    list: () => rows.toReversed(),
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    absorb(others) {
      rows = [...rows, ...others].sort((a, b) => a.ts - b.ts).slice(-kept);
    },
  };
}
