import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { test } from "node:test";
import { openRelay, relayAmong } from "./relay.ts";

const ready = (worker: ChildProcess) => new Promise((resolve) => worker.once("message", resolve));

test("an event reaches every worker process once, the publisher's own too", async () => {
  const workers = [1, 2, 3].map(() => fork(new URL("relay-worker.ts", import.meta.url), { serialization: "advanced" }));
  await Promise.all(workers.map(ready));
  workers.forEach(relayAmong());
  const heard: unknown[][] = workers.map(() => []);
  const done = Promise.withResolvers<void>();
  for (const [i, worker] of workers.entries()) {
    worker.on("message", (message: { heard?: unknown }) => {
      if (message.heard === undefined) return;
      heard[i]?.push(message.heard);
      if (heard.every((events) => events.length === 2)) done.resolve();
    });
  }
  workers[0]?.send({ publish: { n: 1, text: "ä" } });
  workers[0]?.send({ publish: "second" });
  await done.promise;
  for (const events of heard) assert.deepEqual(events, [{ n: 1, text: "ä" }, "second"]);

  // One that dies takes nobody with it.
  const gone = new Promise((resolve) => workers[2]?.once("exit", resolve));
  workers[2]?.kill("SIGKILL");
  await gone;
  const third = new Promise<unknown>((resolve) => workers[0]?.on("message", resolve));
  workers[1]?.send({ publish: "third" });
  assert.deepEqual(await third, { heard: "third" });
  for (const worker of workers) worker.kill("SIGKILL");
});

test("a process without a parent that listens has no relay", (context) => {
  const { send } = process;
  context.after(() => {
    if (send !== undefined) process.send = send;
  });
  delete process.send;
  assert.equal(openRelay(), undefined);
});
