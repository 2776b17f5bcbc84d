// The end of a filter: everything that runs is closed, whatever one part of it does.

import type { Log } from "../shared/log.ts";

/** ms in which a process whose parts were closed may end by itself. */
const grace = 1_000;

/** Closes the last first, one after the other. Answers with the exit code: 0, or 70 (sysexits) when something failed. */
export async function closeAll(parts: readonly { close(): Promise<void> }[], log: Log): Promise<number> {
  let code = 0;
  for (const part of parts.toReversed()) {
    try {
      await part.close();
    } catch (err) {
      log.error({ err }, "a part of the filter did not end properly");
      code = 70;
    }
  }
  // What is left open would keep the process for ever: by a part that failed, or by a client, such as that of NATS, which
  // forgets a connection that it gave up.
  setTimeout(() => process.exit(process.exitCode ?? code), grace).unref();
  return code;
}
