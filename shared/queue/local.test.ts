import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { queueConformance } from "./conformance.ts";
import { openLocalQueue } from "./local.ts";
import { backoffAfter, longestBackoff } from "./queue.ts";

const newFolder = () => mkdtemp(join(tmpdir(), "sluice-queue-"));

queueConformance("local", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  return {
    // A lease longer than the leaps of the clock: the workers live.
    queue: () => openLocalQueue({ folder, now: () => clock, lease: 1e9, poll: 10 }),
    async pass(ms) {
      clock += ms;
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
    now: () => clock,
    moment: 60_000,
    close: () => rm(folder, { recursive: true }),
  };
});

test("a killed process: what it was told is accepted is there, and what it had at work is done by another", async () => {
  const folder = await newFolder();
  const child = fork(new URL("local-victim.ts", import.meta.url), [folder]);
  const accepted: number[] = [];
  const begun: number[] = [];
  await new Promise<void>((resolve) => {
    child.on("message", (said: { accepted?: number; begun?: number }) => {
      if (said.accepted !== undefined) accepted.push(said.accepted);
      if (said.begun !== undefined) begun.push(said.begun);
      if (accepted.length >= 30 && begun.length === 2) resolve();
    });
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  const queue = await openLocalQueue({ folder, lease: 300, poll: 20 });
  const done = new Map<number, number>();
  const working = await queue.work<number>({ name: "work" }, { slots: 4 }, async (n, { attempt }) =>
    done.set(n, attempt),
  );
  while (!accepted.every((n) => done.has(n))) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    begun.map((n) => done.get(n)),
    [2, 2],
  );
  await working.stop();
  assert.equal((await queue.count({ name: "work" })).dead, 0);
  await queue.close();
  await rm(folder, { recursive: true });
});

test("a job that ends its process each time dies after its attempts", async () => {
  const folder = await newFolder();
  let clock = 1_800_000_000_000;
  const open = () => openLocalQueue({ folder, now: () => clock, lease: 1000, poll: 10 });
  const [sick, healthy] = [await open(), await open()];
  const poison = { name: "poison" };
  let begun = 0;
  const gate = Promise.withResolvers<void>();
  // By the clock that leaps its lease is never renewed in time: to the others its process looks dead.
  await sick.work(poison, { slots: 9, attempts: 2 }, () => {
    begun++;
    clock += 2000;
    return gate.promise;
  });
  await sick.add(poison, null);
  while ((await healthy.count(poison)).dead === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(begun, 2);
  assert.match((await healthy.dead(poison, undefined, 1))[0]?.fault ?? "", /process that had it ended/);
  // It was not dead after all. What it has to say comes too late to count.
  gate.resolve();
  await sick.close();
  assert.equal((await healthy.count(poison)).dead, 1);
  await healthy.close();
  await rm(folder, { recursive: true });
});

test("after the clock was set back nothing waits until it is again what it was", { timeout: 20_000 }, async () => {
  const folder = await newFolder();
  const day = 86_400_000;
  const right = 1_800_000_000_000;
  let clock = right + day;
  // Of the one the leases are never renewed while this test runs: it looks dead.
  const [dead, living] = [
    await openLocalQueue({ folder, now: () => clock, lease: 120_000, poll: 10 }),
    await openLocalQueue({ folder, now: () => clock, lease: 1000, poll: 10 }),
  ];
  const gate = Promise.withResolvers<void>();
  const jobs = { name: "clock" };
  await dead.add(jobs, "at work");
  const stopping = await dead.work(jobs, { slots: 1 }, () => gate.promise);
  while ((await living.count(jobs)).atWork === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await dead.add(jobs, "waiting");
  await dead.add(jobs, "put off", { delay: 5000 });
  const done: unknown[] = [];
  const untilDone = async (count: number) => {
    while (done.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  clock = right;
  await living.work(jobs, { slots: 4 }, async (payload) => done.push(payload));
  await untilDone(1);
  assert.deepEqual(done, ["waiting"]);
  clock += 1001;
  await untilDone(2);
  assert.deepEqual(done, ["waiting", "at work"]);
  clock += 4000;
  await untilDone(3);
  // The other way round: while somebody works.
  await living.add(jobs, "before", { delay: 1000 });
  clock -= day;
  await living.add(jobs, "after");
  await untilDone(4);
  clock += 1001;
  await untilDone(5);
  assert.deepEqual(done.slice(2), ["put off", "after", "before"]);
  gate.resolve();
  await stopping.stop();
  await Promise.all([dead.close(), living.close()]);
  await rm(folder, { recursive: true });
});

test("the wait grows twofold, up to an hour", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((attempt) => backoffAfter(attempt, 1000)),
    [1000, 2000, 4000, 8000],
  );
  assert.equal(backoffAfter(5000, 1000), longestBackoff);
});

test("a folder that cannot be used is `unavailable`", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "file"), "");
  await assert.rejects(openLocalQueue({ folder: join(folder, "file") }), { code: "unavailable" });
  await rm(folder, { recursive: true });
});
