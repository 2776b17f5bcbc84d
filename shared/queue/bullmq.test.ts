import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { after, before, test } from "node:test";
import { type RedisServer, startRedis } from "../../test/servers/redis.ts";
import { configOf } from "../config/live.ts";
import { redisConfig } from "../redis/config.ts";
import { placesOf } from "../redis/place.ts";
import { openBullQueue } from "./bullmq.ts";
import { queueConformance } from "./conformance.ts";
import { JobIds, retriedId } from "./job-id.ts";
import type { Queue } from "./queue.ts";

let server: RedisServer;
before(async () => {
  server = await startRedis();
});
after(() => server?.close());

function open(lease?: number): Promise<Queue> {
  // Time enough for a machine that does many things at once.
  const text = `redis { servers = "${server.address}"; timeout = 20s }`;
  const { redis: config } = configOf(redisConfig, text).get(redisConfig);
  const places = placesOf(config);
  assert.ok(places);
  return openBullQueue({ config, places, ...(lease === undefined ? {} : { lease }) });
}

queueConformance(
  "BullMQ",
  async () => ({
    queue: () => open(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now: Date.now,
    moment: 1_500,
    close: async () => {},
  }),
  true,
);

/** Starts a process that takes jobs, and kills it when it has so many of them at work. Answers with what it had. */
async function killAtWork(name: string, jobs: number, attempts = 10): Promise<{ payload: unknown; attempt: number }[]> {
  const child = fork(new URL("bull-victim.ts", import.meta.url), [server.address, name, String(attempts)]);
  const had: { payload: unknown; attempt: number }[] = [];
  await new Promise<void>((resolve) => {
    child.on("message", (said: { payload: unknown; attempt: number }) => {
      if (had.push(said) === jobs) resolve();
    });
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  return had;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("what a killed process had at work is done by another", async () => {
  const queue = await open(300);
  const learn = { name: "killed" };
  for (const n of [1, 2, 3]) await queue.add(learn, n);
  const had = await killAtWork(learn.name, 2);
  const done = new Map<unknown, number>();
  const working = await queue.work(learn, { slots: 4 }, async (n, { attempt }) => done.set(n, attempt));
  await until(() => done.size === 3);
  assert.deepEqual(
    had.map(({ payload }) => done.get(payload)),
    [2, 2],
  );
  await working.stop();
  assert.deepEqual(await queue.count(learn), { waiting: 0, delayed: 0, atWork: 0, dead: 0 });
  await queue.close();
});

test("a job that ends its process each time dies after its attempts", async () => {
  const queue = await open(300);
  const poison = { name: "poison" };
  await queue.add(poison, null);
  assert.deepEqual(await killAtWork(poison.name, 1, 1), [{ payload: null, attempt: 1 }]);
  let begun = 0;
  const working = await queue.work(poison, { slots: 1, attempts: 1 }, async () => ++begun);
  await until(async () => (await queue.count(poison)).dead === 1);
  assert.equal(begun, 0);
  assert.match((await queue.dead(poison, undefined, 1))[0]?.fault ?? "", /process that had it ended/);
  await working.stop();
  await queue.close();
});

test("the names of jobs are told also to a server that came back without its data", async () => {
  const queue = await open();
  const learn = { name: "names" };
  await queue.add(learn, 1);
  await server.cli("FLUSHALL");
  await server.kill();
  await server.start();
  await until(() =>
    queue.add(learn, 2).then(
      () => true,
      () => false,
    ),
  );
  assert.deepEqual(await queue.names(), [learn.name]);
  await queue.close();
});

test("ids sort in the order in which they are made, whatever the clock says", () => {
  const ids = new JobIds();
  const times = [1_800_000_000_000, 1_800_000_000_000, 1_700_000_000_000, 1_800_000_000_001, 1_900_000_000_000];
  const made = times.map((time) => ids.next(time));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, made.length);
  assert.deepEqual([retriedId("j1"), retriedId("j1.1"), retriedId("j1.9")], ["j1.1", "j1.2", "j1.10"]);
});
