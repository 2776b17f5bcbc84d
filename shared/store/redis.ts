// The store of several machines: Redis. State lies where nothing is evicted, bodies in passing may lie elsewhere. Each
// operation touches one key or one hash tag, so that a cluster will do. What cannot be asked fails at once as `unavailable`.

import { type Log, silent } from "../log.ts";
import { adviseOn } from "../redis/advice.ts";
import type { RedisConfig } from "../redis/config.ts";
import { connectListener } from "../redis/connect.ts";
import { Link } from "../redis/link.ts";
import type { Place, Places } from "../redis/place.ts";
import { guarded } from "./guarded.ts";
import { blobLimit, checkKey, checkSize, checkTtl, viewOf } from "./limits.ts";
import { Changes } from "./redis-changes.ts";
import { entryOperations } from "./redis-entries.ts";
import { openTables } from "./redis-tables.ts";
import type { Store } from "./store.ts";

export interface RedisStoreOptions {
  readonly config: RedisConfig;
  readonly places: Places;
  readonly log?: Log;
}

/** A body of many MB takes its time on the way: times `timeout`. */
const blobPatience = 5;
/** ms, on a server's clock. Beyond it is for ever. */
const longest = 1e14;

/**
 * Opens the store, also when no server answers yet: until one does, each operation is `unavailable`. Throws `bad-config`
 * when a server refuses us.
 */
export async function openRedisStore({ config, places, log = silent }: RedisStoreOptions): Promise<Store> {
  const { prefix, db, timeout } = config;
  const link = (place: Place, name: string, patience = 1) =>
    new Link(place, { config, log, name: `sluice-${name}`, timeout: timeout * patience });
  const truth = link(places.truth, "state");
  const replica = places.replica === undefined ? undefined : link(places.replica, "replica");
  const caches = link(places.caches, "caches", blobPatience);
  const links = [truth, caches, ...(replica === undefined ? [] : [replica])];
  const changes = new Changes({
    truth,
    connect: () => connectListener(places.truth, config, truth.client),
    log,
    timeout,
  });
  let closing: Promise<void> | undefined;

  async function letGo(): Promise<void> {
    changes.close();
    await Promise.all(links.map((each) => each.close()));
  }

  try {
    await Promise.all(links.map((each) => each.open()));
    await adviseOn(truth, log);
  } catch (thrown) {
    await letGo();
    throw thrown;
  }

  /** Asks the replica, and the master when that fails. */
  const looking: Link["run"] = async (ask, limit) => {
    if (!replica?.isReady) return truth.run(ask, limit);
    return replica.run(ask, limit).catch(() => truth.run(ask, limit));
  };
  const blobKey = (key: string) => {
    checkKey(key);
    return `${prefix}:b:${key}`;
  };

  const operations = {
    ...entryOperations(truth, looking, prefix),
    async putBlob(key: string, bytes: Uint8Array, ttl: number) {
      const id = blobKey(key);
      checkTtl(ttl);
      checkSize(bytes.length, blobLimit);
      const content = viewOf(bytes);
      if (ttl >= longest) await caches.run((client) => client.set(id, content));
      else await caches.run((client) => client.set(id, content, "PX", Math.ceil(ttl)));
    },
    async getBlob(key: string) {
      const id = blobKey(key);
      const bytes = await caches.run((client) => client.getBuffer(id));
      return bytes === null ? undefined : new Uint8Array(bytes);
    },
    async deleteBlob(key: string) {
      const id = blobKey(key);
      await caches.run((client) => client.unlink(id));
    },
    table: openTables({ truth, replica, changes, prefix, db }),
  };
  return {
    ...guarded(operations, () => closing !== undefined),
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}
