// A process for a test to kill: it takes jobs that are never done.

import { configOf } from "../config/live.ts";
import { redisConfig } from "../redis/config.ts";
import { placesOf } from "../redis/place.ts";
import { openBullQueue } from "./bullmq.ts";

// Not even a test that fails may leave it behind.
process.on("disconnect", () => process.exit());
const [address = "", name = "", attempts = "10"] = process.argv.slice(2);
const { redis: config } = configOf(redisConfig, `redis { servers = "${address}" }`).get(redisConfig);
const places = placesOf(config);
if (places === undefined) throw new Error("no address");
const queue = await openBullQueue({ config, places, lease: 300 });
await queue.work({ name }, { slots: 2, attempts: Number(attempts) }, (payload, { attempt }) => {
  process.send?.({ payload, attempt });
  return new Promise(() => {});
});
