// The parsers as the fuzzer asks them: in a child process that is replaced when it dies or hangs.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { untilHung } from "./cost.ts";
import type { Answer, Question } from "./victim.ts";

export interface Parsers {
  /** What can be asked. */
  readonly targets: readonly string[];
  ask(target: string, bytes: Buffer): Promise<Answer>;
  close(): void;
}

async function start(): Promise<{ child: ChildProcess; targets: readonly string[] }> {
  const child = fork(join(import.meta.dirname, "victim.ts"), {
    serialization: "advanced",
    // As bin/sluice starts the filter.
    execArgv: ["--max-semi-space-size=8", "--max-old-space-size=768", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.resume();
  const [targets] = (await once(child, "message")) as [string[]];
  return { child, targets };
}

export async function openParsers(): Promise<Parsers> {
  let { child, targets } = await start();
  const ask = (question: Question) =>
    new Promise<Answer>((resolve) => {
      const settle = (answer: Answer) => {
        stopWatching();
        child.off("message", settle);
        child.off("exit", died);
        resolve(answer);
      };
      const died = (code: number | null, signal: string | null) => {
        settle({ cpu: 0, memory: 0, wrong: `the process died (${signal ?? code})` });
      };
      const stopWatching = untilHung(child.pid ?? 0, (cpu, why) => {
        child.off("exit", died);
        child.kill("SIGKILL");
        settle({ cpu, memory: 0, wrong: why });
      });
      child.on("message", settle);
      child.once("exit", died);
      child.send(question);
    });
  return {
    targets,
    async ask(target, bytes) {
      if (!child.connected || child.killed) ({ child } = await start());
      return ask({ target, bytes });
    },
    close: () => void child.kill("SIGKILL"),
  };
}
