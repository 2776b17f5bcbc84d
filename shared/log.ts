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
/** Bytes that wait while the log cannot be written, on a full disk say; lines beyond that are dropped and counted. */
const mostWaiting = 4 * 1024 * 1024;

/** What puts each log into a file that has the name now. */
const files = new Set<() => void>();

/** Opens log files anew, after a program such as logrotate has renamed them. Lines so far are in the old ones. */
export function reopenLogs(): void {
  for (const reopen of files) reopen();
}

export function openLog(options: LogOptions): Log {
  const { level, to, pid } = options;
  const pieces = pid === undefined ? {} : { minLength: piece / 2, maxWrite: piece };
  const destination = pino.destination({ dest: to, sync: false, minLength: piece, maxLength: mostWaiting, ...pieces });
  const log = pino({ level, base: pid === undefined ? null : { pid } }, destination);
  // A log that cannot be written is no reason to put off mail. What waits is written with the next flush that succeeds.
  let failing = false;
  let dropped = 0;
  destination.on("error", (error: Error) => {
    const isNew = !failing;
    failing = true;
    if (isNew) console.error(`sluice: the log cannot be written: ${error.message}. Mail is filtered all the same.`);
  });
  destination.on("drop", () => {
    dropped += 1;
  });
  destination.on("write", () => {
    const lost = dropped;
    failing = false;
    dropped = 0;
    if (lost > 0) log.warn({ lost }, "lines of the log are lost: it could not be written");
  });
  // At the end of the process it would try again and again, for as long as there is no room.
  const flushSync = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!failing) flushSync();
  };
  if (typeof to === "string") files.add(() => destination.reopen());
  // Buffered lines must not wait long for company: an operator is watching.
  setInterval(() => destination.flush(), 200).unref();
  return log;
}

/** A log that says nothing, for tests. */
export const silent: Log = pino({ level: "silent" });
