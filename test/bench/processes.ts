// Starts the programs that a benchmark measures, and reads what they spent.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const ticksPerSecond = 100; // USER_HZ of Linux

export interface Started {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Runs a program until it is stopped. Its words go to standard error when `SHOW` is set. */
export function start(name: string, command: string, args: readonly string[]): Started {
  const output = process.env["SHOW"] ? "inherit" : "ignore";
  const child = spawn(command, args, { stdio: ["ignore", output, output] });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  if (child.pid === undefined) throw new Error(`${command} does not start`);
  return {
    name,
    pid: child.pid,
    process: child,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

export interface Site {
  readonly url: string;
  readonly processes: readonly Started[];
  /** ms from start to the first verdict. */
  readonly firstVerdict: number;
  stop(): Promise<void>;
}

/** Starts Sluice: one process with everything, or each list of roles as a process of its own over a real NATS. */
export async function startSluice(split: readonly (readonly string[])[] = [], extra: readonly string[] = []): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const [scan, controller, milter, nats] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const options = [
    "--data",
    join(folder, "data"),
    ...["--set", `http.scan.bind_socket=127.0.0.1:${scan}`, "--set", `http.controller.bind_socket=127.0.0.1:${controller}`],
    ...["--set", `milter.bind_socket=127.0.0.1:${milter}`],
    ...extra,
  ];
  const url = `http://127.0.0.1:${scan}`;
  const processes: Started[] = [];
  if (split.length > 0) {
    processes.push(start("nats-server", "nats-server", ["-a", "127.0.0.1", "-p", String(nats)]));
    await until(async () => {
      const { connect } = await import("node:net");
      await new Promise<void>((done, failed) => {
        const socket = connect(nats, "127.0.0.1", () => {
          socket.destroy();
          done();
        });
        socket.once("error", failed);
      });
    });
    options.push("--bus", `nats://127.0.0.1:${nats}`);
  }
  const began = performance.now();
  for (const roles of split.length > 0 ? split : [[]]) {
    const name = roles.length === 0 ? "sluice" : roles.join("+");
    processes.push(start(name, join(root, "bin/sluice"), ["serve", ...roles, ...options]));
  }
  await until(() => scanOnce(url));
  return {
    url,
    processes,
    firstVerdict: performance.now() - began,
    async stop() {
      for (const started of [...processes].reverse()) await started.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function scanOnce(url: string): Promise<void> {
  const body = "From: a@example.org\r\nSubject: first\r\n\r\nhello\r\n";
  const response = await fetch(`${url}/checkv2`, { method: "POST", body });
  const verdict = (await response.json()) as { action?: string };
  if (verdict.action === undefined) throw new Error("no verdict yet");
}

async function until(attempt: () => Promise<void>): Promise<void> {
  const end = performance.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 5));
    }
  }
}

/** Seconds of CPU that processes have used since they started, their children included. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond;
}

function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
}

/** MB of memory that are resident. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}
