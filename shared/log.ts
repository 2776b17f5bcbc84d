// Logging: pino, one JSON line a record, with the task's id. Never message content; addresses as the operator allows.

import pino from "pino";

export type Log = pino.Logger;

export interface LogOptions {
  readonly level: string;
  /** File path, or 1 for standard output, 2 for standard error. */
  readonly to: string | 1 | 2;
}

export function openLog(options: LogOptions): Log {
  const destination = pino.destination({ dest: options.to, sync: false, minLength: 4096 });
  // Buffered lines must not wait long for company: an operator is watching.
  setInterval(() => destination.flush(), 200).unref();
  return pino({ level: options.level, base: null }, destination);
}

/** A log that says nothing, for tests. */
export const silent: Log = pino({ level: "silent" });
