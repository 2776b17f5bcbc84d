// The thread of thread.ts.

import { parentPort } from "node:worker_threads";
import type { ThreadAnswer, ThreadQuestion } from "./thread.ts";
import { doWork } from "./thread-work.ts";

parentPort?.on("message", ({ id, work }: ThreadQuestion) => {
  let answer: ThreadAnswer;
  try {
    answer = { id, made: doWork(work) };
  } catch (thrown) {
    answer = { id, failed: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  parentPort?.postMessage(answer);
});
