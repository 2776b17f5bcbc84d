// What an operator should know of a server that keeps the truth: whether it may forget.

import type { Log } from "../log.ts";
import type { Link } from "./link.ts";

/** Writes to the log when the server evicts, or keeps nothing on disk. A server that does not say is left in peace. */
export async function adviseOn(link: Link, log: Log): Promise<void> {
  if (!link.isReady) return;
  const info = await link.run((client) => client.info()).catch(() => "");
  const redis = link.place;
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy !== undefined && policy !== "noeviction") {
    log.warn(
      { redis, policy },
      "this Redis evicts: jobs and what was learned can vanish. Set maxmemory-policy noeviction",
    );
  }
  if (/^aof_enabled:0/m.test(info)) {
    log.warn(
      { redis },
      "this Redis has no append-only file: what it took last is lost when it dies. Set appendonly yes",
    );
  }
}
