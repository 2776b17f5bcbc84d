import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pino } from "pino";
import { holdValues } from "../shared/config/held.ts";
import { configOf } from "../shared/config/live.ts";
import type { Log } from "../shared/log.ts";
import { optionsConfig } from "../shared/options.ts";
import { redisConfig } from "../shared/redis/config.ts";
import { type RedisServer, startRedis } from "../test/servers/redis.ts";
import { openState } from "./open-state.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-state-"));
});
after(() => rm(folder, { recursive: true }));

/** A log, and what was written to it. */
function listening(): { log: Log; said: Record<string, unknown>[] } {
  const said: Record<string, unknown>[] = [];
  return { log: pino({ base: null }, { write: (line) => said.push(JSON.parse(line)) }), said };
}

const sections = { ...optionsConfig, ...redisConfig };
const values = (text: string) => configOf(sections, text).get(sections);

test("without Redis state and jobs are in the data folder", async () => {
  const { log, said } = listening();
  const { config, replace } = holdValues(sections, values(""));
  const state = await openState(config, folder, log);
  assert.deepEqual(state.kept, {
    state: join(folder, "store"),
    jobs: join(folder, "queue"),
    bodies: join(folder, "store"),
  });
  await state.store.set("key", "v", 60_000);
  assert.equal(await state.queue.add({ name: "learn" }, null), true);
  replace(values(""));
  assert.equal(said.length, 0);
  replace(values('redis { servers = "127.0.0.1" }'));
  assert.match(String(said[0]?.msg), /counts from the next start/);
  await state.close();
});

test("with Redis nothing is in the data folder, and a server that may forget is complained of", async () => {
  const forgetful = ["appendonly no", "maxmemory 100mb", "maxmemory-policy allkeys-lru"];
  const server: RedisServer = await startRedis({ config: forgetful });
  const { log, said } = listening();
  const text = `redis { servers = "${server.address},192.0.2.1"; timeout = 5s }`;
  const own = join(folder, "redis");
  const state = await openState(configOf(sections, text), own, log);
  const name = `Redis ${server.address}`;
  assert.deepEqual(state.kept, { state: name, jobs: name, bodies: name });
  await state.store.set("key", "v", 60_000);
  assert.equal(await state.queue.add({ name: "learn" }, null), true);
  await state.close();
  await assert.rejects(readdir(own), { code: "ENOENT" });
  const messages = said.map(({ msg }) => String(msg)).join("\n");
  for (const pattern of [/only the first is used/, /evicts.*noeviction/, /append-only/])
    assert.match(messages, pattern);
  await server.close();
});

test("a section that does not make a whole is wrong configuration", async () => {
  const { log } = listening();
  const opening = openState(configOf(redisConfig, 'redis { read_servers = "a" }'), folder, log);
  await assert.rejects(opening, { code: "bad-config", message: /^redis.read_servers: / });
});
