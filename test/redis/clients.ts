// Clients of a test's Redis, opened as the configuration would.

import assert from "node:assert/strict";
import { configOf } from "../../shared/config/live.ts";
import { type Log, silent } from "../../shared/log.ts";
import { openBullQueue } from "../../shared/queue/bullmq.ts";
import type { Queue } from "../../shared/queue/queue.ts";
import { type RedisConfig, redisConfig } from "../../shared/redis/config.ts";
import { type Places, placesOf } from "../../shared/redis/place.ts";
import { openRedisStore } from "../../shared/store/redis.ts";
import type { Store } from "../../shared/store/store.ts";

/** What a section `redis` with these lines means. */
export function read(lines: string): { readonly config: RedisConfig; readonly places: Places } {
  const { redis: config } = configOf(redisConfig, `redis { ${lines} }`).get(redisConfig);
  const places = placesOf(config);
  assert.ok(places);
  return { config, places };
}

const opened: { close(): Promise<void> }[] = [];

export async function openStore(lines: string, log: Log = silent): Promise<Store> {
  const store = await openRedisStore({ ...read(lines), log });
  opened.push(store);
  return store;
}

export async function openQueue(lines: string, lease = 30_000, log: Log = silent): Promise<Queue> {
  const queue = await openBullQueue({ ...read(lines), lease, log });
  opened.push(queue);
  return queue;
}

/** Closes what a test that failed left open, which would keep its process. */
export async function closeAll(): Promise<void> {
  for (const client of opened.splice(0)) await client.close();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until it is so. What throws is not so yet. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await condition()) return;
    } catch {
      // A server that is being replaced answers nothing.
    }
    await pause(20);
  }
}
