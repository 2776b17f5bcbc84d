// Where state and jobs are kept, as the configuration says: in Redis when it names one, else in the data folder.

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { LiveConfig } from "../shared/config/live.ts";
import type { Log } from "../shared/log.ts";
import { optionsConfig } from "../shared/options.ts";
import type { Queue } from "../shared/queue/queue.ts";
import { redisConfig } from "../shared/redis/config.ts";
import { placeName, placesOf } from "../shared/redis/place.ts";
import type { Store } from "../shared/store/store.ts";

export interface State {
  readonly store: Store;
  readonly queue: Queue;
  /** For the operator: what keeps what. */
  readonly kept: { readonly state: string; readonly jobs: string; readonly bodies: string };
  close(): Promise<void>;
}

type Values = Pick<LiveConfig, "get">;

/** Faults with `bad-config`, `unavailable`. A Redis that does not answer yet is no fault: it is tried again. */
export async function openState(config: LiveConfig, dataFolder: string, log: Log): Promise<State> {
  const { redis } = config.get(redisConfig);
  const places = placesOf(redis);
  config.onChange(() => {
    if (isDeepStrictEqual(config.get(redisConfig).redis, redis)) return;
    log.warn("what changed in the section redis counts from the next start");
  });
  if (places === undefined) return openFolder(config, dataFolder, log);
  for (const warning of places.warnings) log.warn(warning);
  // Only a process that needs Redis pays for loading it.
  const { openRedisStore } = await import("../shared/store/redis.ts");
  const store = await openRedisStore({ config: redis, places, log });
  try {
    const queue = await openQueue(config, dataFolder, log);
    const truth = placeName(places.truth);
    return stateOf(store, queue, { state: truth, jobs: truth, bodies: placeName(places.caches) });
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** The queue alone. */
export async function openQueue(config: Values, dataFolder: string, log: Log): Promise<Queue> {
  const { redis } = config.get(redisConfig);
  const places = placesOf(redis);
  const { job_lease: lease } = config.get(optionsConfig).options;
  if (places === undefined) {
    const { openLocalQueue } = await import("../shared/queue/local.ts");
    return openLocalQueue({ folder: queueFolder(dataFolder), log, lease });
  }
  const { openBullQueue } = await import("../shared/queue/bullmq.ts");
  return openBullQueue({ config: redis, places, log, lease });
}

const queueFolder = (dataFolder: string) => join(dataFolder, "queue");

async function openFolder(config: Values, dataFolder: string, log: Log): Promise<State> {
  const { openLmdbStore } = await import("../shared/store/lmdb.ts");
  const storeFolder = join(dataFolder, "store");
  const store = await openLmdbStore({ folder: storeFolder, log });
  try {
    const queue = await openQueue(config, dataFolder, log);
    return stateOf(store, queue, { state: storeFolder, jobs: queueFolder(dataFolder), bodies: storeFolder });
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

function stateOf(store: Store, queue: Queue, kept: State["kept"]): State {
  return {
    store,
    queue,
    kept,
    async close() {
      await queue.close();
      await store.close();
    },
  };
}
