import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type RedisServer, startRedis } from "../../test/servers/redis.ts";
import { configOf } from "../config/live.ts";
import { redisConfig } from "../redis/config.ts";
import { placesOf } from "../redis/place.ts";
import { same, storeConformance } from "./conformance.ts";
import { openLmdbStore } from "./lmdb.ts";
import { openRedisStore } from "./redis.ts";
import type { Store } from "./store.ts";

let server: RedisServer;
before(async () => {
  server = await startRedis();
});
after(() => server?.close());

/** A client as the configuration would open it. */
function open(more = ""): Promise<Store> {
  // Time enough for a machine that does many things at once.
  const text = `redis { servers = "${server.address}"; timeout = 20s; ${more} }`;
  const { redis: config } = configOf(redisConfig, text).get(redisConfig);
  const places = placesOf(config);
  assert.ok(places);
  return openRedisStore({ config, places });
}

storeConformance("Redis", async () => ({
  store: () => open(),
  pass: (ms) => server.pass(ms),
  now: Date.now,
  close: async () => {},
}));

test("the same changes make the same tables in LMDB and in Redis, cell by cell", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-store-"));
  const [redis, lmdb] = [await open(), await openLmdbStore({ folder })];
  const random = randomOf(7);
  for (const bits of [8, 16, 32] as const) {
    const shape = { cells: 70_001, bits };
    const tables = [await redis.table(`same-${bits}`, shape), await lmdb.table(`same-${bits}`, shape)] as const;
    for (let round = 0; round < 20; round++) {
      const count = random(4_000);
      // Few cells often, so that they reach both ends; others once.
      const cells = Uint32Array.from({ length: count }, () => (random(2) === 0 ? random(50) : random(shape.cells)));
      const by = Int32Array.from({ length: count }, () =>
        random(8) === 0 ? extreme(bits, random(2)) : random(40) - 20,
      );
      const once = random(2) === 0 ? `lesson ${random(10)}` : undefined;
      const counted = await Promise.all(tables.map((table) => table.add(cells, by, once)));
      assert.equal(counted[0], counted[1]);
      if (round === 10) await Promise.all(tables.map((table) => table.halve()));
    }
    const [mine, theirs] = [await tables[0].read(), await tables[1].read()];
    same(mine, theirs);
    assert.ok(mine.some((value) => value === 2 ** bits - 1) && mine.some((value) => value > 0 && value < 20));
  }
  await redis.close();
  await lmdb.close();
  await rm(folder, { recursive: true });
});

test("sites of different prefixes do not meet", async () => {
  const [one, other] = [await open('prefix = "one"'), await open('prefix = "other"')];
  const shape = { cells: 3, bits: 8 } as const;
  await one.set("key", "v", 60_000);
  await one.putBlob("key", Uint8Array.of(1), 60_000);
  await (await one.table("table", shape)).add(Uint32Array.of(1), Int32Array.of(1));
  assert.deepEqual([await other.get("key"), await other.getBlob("key")], [undefined, undefined]);
  assert.deepEqual(await (await other.table("table", shape)).read(), new Uint8Array(3));
  assert.equal(await server.cli("keys", "one:*").then((keys) => keys.split("\n").length), 4);
  await one.close();
  await other.close();
});

test("bodies lie on the server for them, and everything else does not", async () => {
  const caches = await startRedis();
  const store = await open(`prefix = "parted"; cache_servers = "${caches.address}"`);
  await store.putBlob("body", Uint8Array.of(1), 60_000);
  await store.set("key", "v", 60_000);
  assert.equal(await caches.cli("keys", "*"), "parted:b:body");
  assert.equal(await server.cli("keys", "parted:*"), "parted:k:key");
  await caches.close();
  await assert.rejects(store.getBlob("body"), { code: "unavailable" });
  assert.equal(await store.get("key"), "v");
  await store.close();
});

/** Whole numbers below a limit, the same in each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function extreme(bits: number, side: number): number {
  const most = Math.min(2 ** bits, 2 ** 31) - 1;
  return side === 0 ? most : -most;
}
