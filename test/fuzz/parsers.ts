// The parsers as the fuzzer asks them: in a child process that is replaced when it dies or hangs.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Answer, Question } from "./victim.ts";

/** An input after which no answer came within this many ms hangs, however busy the machine is. */
const patience = 15_000;

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
    execArgv: ["--max-semi-space-size=2", "--max-old-space-size=768", "--disable-warning=ExperimentalWarning"],
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
        clearTimeout(timer);
        child.off("message", settle);
        child.off("exit", died);
        resolve(answer);
      };
      const died = (code: number | null, signal: string | null) => {
        settle({ cpu: 0, memory: 0, wrong: `the process died (${signal ?? code})` });
      };
      const timer = setTimeout(() => {
        child.off("exit", died);
        child.kill("SIGKILL");
        settle({ cpu: patience, memory: 0, wrong: `no answer within ${patience} ms` });
      }, patience);
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
