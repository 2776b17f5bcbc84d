// The thread of thread.ts.

import { parentPort } from "node:worker_threads";
import { toFault } from "../../shared/fault.ts";
import type { ThreadAnswer, ThreadQuestion } from "./thread.ts";
import { doWork } from "./thread-work.ts";

parentPort?.on("message", ({ id, work }: ThreadQuestion) => {
  let answer: ThreadAnswer;
  try {
    answer = { id, made: doWork(work) };
  } catch (thrown) {
    answer = { id, failed: toFault(thrown).message };
  }
  parentPort?.postMessage(answer);
});
