import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Told } from "./tasks.testing.ts";
import { BudgetThread } from "./thread.ts";

/** ms: longer than any machine takes to start a thread. */
const ample = 20_000;

interface Task {
  readonly parts: readonly Told[];
  readonly bytes?: Uint8Array;
}

const file = new URL("./tasks.testing.ts", import.meta.url);
const open = (longestWait = ample, longestIdle = ample) =>
  new BudgetThread<Task, number>({ file, longestWait, grace: 50, longestIdle });
let thread = open();
afterEach(() => thread.close());

const run = (parts: readonly Told[], budget = ample) => thread.run(() => [{ parts }, []], parts.length, budget);

test("jobs are done one after the other, by one thread", { timeout: 60_000 }, async () => {
  thread = open();
  assert.equal(thread.alive, false);
  assert.deepEqual(await Promise.all([run(["answer", "answer"]), run(["answer"]), run([])]), [[0, 1], [0], []]);
  assert.equal(thread.alive, true);
});

test("memory goes over as it is when its turn comes", { timeout: 60_000 }, async () => {
  thread = open();
  const bytes = new Uint8Array(1_000);
  let asked = 0;
  const first = run(["answer"]);
  const second = thread.run(
    () => {
      asked += 1;
      return [{ parts: ["size"], bytes }, [bytes.buffer]];
    },
    1,
    ample,
  );
  assert.equal(asked, 0, "it is not its turn");
  assert.deepEqual([await first, await second], [[0], [1_000]]);
  assert.equal(bytes.length, 0, "it is the thread's");
});

test("a thread that does not listen is ended at the end of the budget, with what it had", {
  timeout: 60_000,
}, async () => {
  thread = open();
  const hanging = run(["answer", "hang", "answer"], 30);
  const waiting = run(["answer", "wait"], 30);
  const next = run(["answer"]);
  assert.deepEqual(await hanging, [0, undefined, undefined]);
  assert.deepEqual(await waiting, [0, undefined]);
  assert.deepEqual(await next, [0], "another thread does the next");
});

test("a thread that throws, and one that is spent, is followed by another", { timeout: 60_000 }, async () => {
  thread = open();
  assert.deepEqual(await run(["answer", "throw"]), [0, undefined]);
  assert.deepEqual(await run(["spent", "answer"]), [0, 1]);
  assert.equal(thread.alive, false);
  assert.deepEqual(await run(["answer"]), [0]);
});

test("a job whose turn does not come is given up", { timeout: 60_000 }, async () => {
  thread = open();
  assert.deepEqual(await run(["answer"]), [0]);
  await thread.close();
  thread = open(1);
  // Nor does the thread begin within 1 ms.
  assert.deepEqual(await Promise.all([run(["answer"]), run(["answer"])]), [[undefined], [undefined]]);
});

test("without work the thread is let go", { timeout: 60_000 }, async () => {
  thread = open(ample, 1);
  assert.deepEqual(await run(["answer"]), [0]);
  while (thread.alive) await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(await run(["answer"]), [0]);
});

test("it can be there before the first job", { timeout: 60_000 }, async () => {
  thread = open();
  thread.start();
  assert.equal(thread.alive, true);
  assert.deepEqual(await run(["answer"]), [0]);
});
