// A real server as a child process of a test.

import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { leash } from "./leash.ts";

export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** Debian package that has the command: named when it is missing. */
  readonly debian: string;
  readonly port: number;
}

/** Starts the program and resolves when its port answers. Rejects with what it said when it ends before. */
export async function startServer({ command, args, debian, port }: ServerProgram): Promise<ChildProcess> {
  // Debian keeps servers in sbin, which is not on everybody's PATH.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const listen = (chunk: Buffer) => {
    said = (said + chunk.toString("utf8")).slice(-4000);
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  leash(child);
  let failure: Error | undefined;
  child.once("error", (error: NodeJS.ErrnoException) => {
    failure = error.code === "ENOENT" ? new Error(`${command} is missing: apt-get install ${debian}`) : error;
  });
  child.once("exit", (code, signal) => {
    failure ??= new Error(`${command} ended (${signal ?? code}) before it was ready:\n${said}`);
  });
  for (let tries = 0; tries < 3000; tries++) {
    if (failure !== undefined) throw failure;
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  throw new Error(`${command} is not ready after 60 s:\n${said}`);
}

/** Ends a server and waits until it is gone. */
export function endServer(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

/** Lets a process stand still, and resolves when all its threads do. Go on with SIGCONT. */
export async function haltServer(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  const tasks = `/proc/${pid}/task`;
  const stands = (task: string) => /\) [Tt] /.test(readFileSync(`${tasks}/${task}/stat`, "latin1"));
  while (!readdirSync(tasks).every(stands)) await new Promise((resolve) => setTimeout(resolve, 5));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
