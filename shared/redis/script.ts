// Lua that Redis runs as one step. It is sent once and called by its hash; a server that has forgotten it gets it again.

import { createHash } from "node:crypto";
import type { RedisClient } from "./connect.ts";

export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function script(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/** All keys must have one hash tag, so that one node of a cluster has them all. */
export async function runScript(
  client: RedisClient,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (thrown) {
    if (!(thrown instanceof Error) || !thrown.message.startsWith("NOSCRIPT")) throw thrown;
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}
