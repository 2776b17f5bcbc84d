// Logging: pino, one JSON line a record, with the task's id. Never message content; addresses as the operator allows.

import pino from "pino";

export type Log = pino.Logger;

export interface LogOptions {
  readonly level: string;
  /** File path, or 1 for standard output, 2 for standard error. */
  readonly to: string | 1 | 2;
  /** Several processes write to one place, which is told which of them: their lines must not tear each other. */
  readonly pid?: number;
}

/** Bytes that the system writes to a pipe in one piece (PIPE_BUF of Linux). */
const piece = 4096;

export function openLog(options: LogOptions): Log {
  const { level, to, pid } = options;
  const pieces = pid === undefined ? {} : { minLength: piece / 2, maxWrite: piece };
  const destination = pino.destination({ dest: to, sync: false, minLength: piece, ...pieces });
  // Buffered lines must not wait long for company: an operator is watching.
  setInterval(() => destination.flush(), 200).unref();
  return pino({ level, base: pid === undefined ? null : { pid } }, destination);
}

/** A log that says nothing, for tests. */
export const silent: Log = pino({ level: "silent" });
