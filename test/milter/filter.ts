// The filter under test as a process of its own, so that it can be killed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** What is run; the filter must listen for milters on this port. */
const commandOf = (port: number) =>
  [process.execPath, join(import.meta.dirname, "fake-filter.ts"), String(port)] as const;

export interface Filter {
  /** Ends it as an operator would. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  readonly log: () => string;
}

/** Starts the filter; resolves when it listens. */
export async function startFilter(port: number): Promise<Filter> {
  const [command, ...args] = commandOf(port);
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => (log += chunk));
  const exited = once(child, "exit");
  exited.catch(() => {});
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`the filter ended: ${log}`);
    await delay(20);
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    stop: async () => {
      await end("SIGTERM");
      return child.exitCode;
    },
    kill: () => end("SIGKILL"),
    log: () => log,
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(port, "127.0.0.1");
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
