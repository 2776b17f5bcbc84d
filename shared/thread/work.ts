// The other end of thread.ts: what runs in the thread.

import { parentPort } from "node:worker_threads";
import type { ThreadReport, ThreadRequest } from "./thread.ts";

export interface Work<Answer> {
  /** ms that are left of the budget. */
  left(): number;
  /** To the next part of the task. */
  answer(answer: Answer): void;
  /** This thread should not be used again. */
  spent(): void;
}

/** Handles the tasks of this thread. What throws ends the thread. */
export function work<Task, Answer>(handle: (task: Task, work: Work<Answer>) => void | Promise<void>): void {
  const tell = (report: ThreadReport<Answer>) => parentPort?.postMessage(report);
  parentPort?.on("message", async ({ job, task, budget }: ThreadRequest<Task>) => {
    tell({ job, said: "begun" });
    const end = performance.now() + budget;
    await handle(task, {
      left: () => end - performance.now(),
      answer: (answer) => tell({ job, answer }),
      spent: () => tell({ job, said: "spent" }),
    });
    tell({ job, said: "done" });
  });
}
