import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../shared/fault.ts";
import { decodeNetwork } from "./text/network.ts";
import { noTrials, packTrials } from "./text/trials.ts";
import { TrainingThread } from "./thread.ts";
import type { TextWork } from "./thread-work.ts";

const work: TextWork = {
  kind: "text",
  counters: new Uint32Array(2 ** 19),
  lessons: { spam: 3, ham: 4 },
  before: null,
  trials: packTrials(noTrials),
  calibration: { slope: 0.8, shift: 0 },
  minLearns: 5,
};

test("work is done on the thread, one after the other, and again after it has ended", async () => {
  const thread = new TrainingThread();
  const both = await Promise.all([thread.run(work), thread.run({ ...work, lessons: { spam: 5, ham: 6 } })]);
  const lessons = both.map((made) =>
    "network" in made ? decodeNetwork(made.network).lessons : assert.fail("refused"),
  );
  assert.deepEqual(lessons, [
    { spam: 3, ham: 4 },
    { spam: 5, ham: 6 },
  ]);
  await thread.close();
  assert.ok("network" in (await thread.run(work)));
  await thread.close();
});

test("work that throws fails for who asked, and only for them", async () => {
  const thread = new TrainingThread();
  const bad = { ...work, trials: Uint8Array.of(0xc1) };
  await assert.rejects(thread.run(bad), (thrown) => thrown instanceof Fault && thrown.code === "failed");
  assert.ok("network" in (await thread.run(work)));
  await thread.close();
});

test("a thread that dies fails its work", async () => {
  const thread = new TrainingThread();
  const running = thread.run(work);
  const ended = thread.close();
  await assert.rejects(running, Fault);
  await ended;
});

test("work that comes while the thread ends is done by another", async () => {
  const thread = new TrainingThread();
  await thread.run(work);
  const ended = thread.close();
  assert.ok("network" in (await thread.run(work)));
  await ended;
  await thread.close();
});
