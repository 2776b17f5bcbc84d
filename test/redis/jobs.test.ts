// `sluice jobs` on both queues, while another process works on them.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock, test } from "node:test";
import jobsCommand from "../../bin/commands/jobs.ts";
import { openLocalQueue } from "../../shared/queue/local.ts";
import type { Queue } from "../../shared/queue/queue.ts";
import { sluice } from "../cli/sluice.ts";
import { startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, until } from "./clients.ts";

after(closeAll);

/** The command within this process, and what it printed. */
async function command(...args: readonly string[]): Promise<{ code: number; stdout: string }> {
  const printed = mock.method(console, "log", () => {});
  const errors = mock.method(console, "error", () => {});
  try {
    const code = await jobsCommand.run(args);
    return { code, stdout: printed.mock.calls.map((call) => `${call.arguments[0]}\n`).join("") };
  } finally {
    printed.mock.restore();
    errors.mock.restore();
  }
}

async function checkCommands(queue: Queue, options: readonly string[]): Promise<void> {
  const learn = { name: "learn" };
  const done: number[] = [];
  let broken = true;
  await queue.work<number>(learn, { slots: 1, attempts: 1 }, async (n) => {
    if (broken) throw new Error("the model is\nbroken");
    done.push(n);
  });
  for (const n of [1, 2, 3, 4]) await queue.add(learn, n, n === 1 ? { key: "\u001b[2Jfirst" } : {});
  await queue.add({ name: "export" }, null, { delay: 600_000 });
  await until(async () => (await queue.count(learn)).dead === 4);
  broken = false;
  const run = (...args: readonly string[]) => command(...args, ...options);

  const queues = await sluice(["jobs", "ls", "--json", ...options]);
  assert.deepEqual(JSON.parse(queues.stdout), [
    { name: "export", waiting: 0, delayed: 1, atWork: 0, dead: 0 },
    { name: "learn", waiting: 0, delayed: 0, atWork: 0, dead: 4 },
  ]);
  const dead = await run("ls", "learn", "--json");
  const jobs: { id: string; fault: string; attempts: number; payload?: unknown }[] = JSON.parse(dead.stdout);
  assert.deepEqual(
    jobs.map(({ fault, attempts, payload }) => [fault, attempts, payload]),
    Array(4).fill(["failed: the model is\nbroken", 1, undefined]),
  );
  assert.match((await run("ls", "learn")).stdout, /after 1 attempts \?\[2Jfirst\n {4}failed: the model is\?broken\n/);
  const [one = "", two = ""] = jobs.map(({ id }) => id);

  const retried = await run("retry", "learn", one, "no-such-job");
  assert.deepEqual([retried.code, retried.stdout], [1, `${one} waits again\nno-such-job: no dead job of learn\n`]);
  const dropped = await run("drop", "learn", two);
  assert.deepEqual([dropped.code, dropped.stdout], [0, `${two} forgotten\n`]);
  assert.equal((await run("retry", "learn", "--all")).code, 0);
  await until(() => done.length === 3);
  assert.deepEqual(done, [1, 3, 4]);
  // The last one is at work until it is written down as done.
  await until(async () => (await queue.count(learn)).atWork === 0);
  assert.deepEqual(await queue.count(learn), { waiting: 0, delayed: 0, atWork: 0, dead: 0 });
}

test("jobs of the data folder", async () => {
  const data = await mkdtemp(join(tmpdir(), "sluice-jobs-"));
  await assert.rejects(command("ls", "--data", data), { code: "unavailable", message: /no queue in/ });
  const queue = await openLocalQueue({ folder: join(data, "queue"), poll: 20 });
  await checkCommands(queue, ["--data", data]);
  await queue.close();
  await rm(data, { recursive: true });
});

test("jobs in Redis", async () => {
  const server = await startRedis();
  const options = ["--set", `redis.servers=${server.address}`];
  const queue = await openQueue(`servers = "${server.address}"; timeout = 20s`);
  await checkCommands(queue, options);
  await queue.close();
  await server.close();
  const gone = await sluice(["jobs", "ls", ...options]);
  assert.equal(gone.code, 69);
  assert.match(gone.stderr, /is not connected/);
});

test("wrong usage", async () => {
  for (const args of [[], ["ls", "a", "b"], ["retry", "a"], ["drop", "a", "b", "--all"], ["forget", "a", "b"]]) {
    assert.equal((await command(...args)).code, 64, args.join(" "));
  }
});
