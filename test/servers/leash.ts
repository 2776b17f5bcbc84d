// Whatever happens to a test, the processes that it started must not outlive it.

import type { ChildProcess } from "node:child_process";

const leashed = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of leashed) child.kill("SIGKILL");
});

/** Kills the child with this process, unless it ended before. */
export function leash(child: ChildProcess): void {
  leashed.add(child);
  child.once("exit", () => leashed.delete(child));
}
