// The filter in pieces for tests: gateway, coordinator and each actor a process of its own, over a real NATS.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { endServer } from "./process.ts";
import { program } from "./sluice.ts";

export interface Apart {
  /** "http://127.0.0.1:1234" */
  readonly scan: string;
  pids(): readonly number[];
  /** Ends the process of a role as a crash would. */
  kill(role: string): Promise<void>;
  start(role: string): void;
  /** Ends all as an operator would, and removes their files. */
  close(): Promise<void>;
}

export interface ApartOptions {
  /** Folders of further actors. */
  readonly actors?: readonly string[];
  /** Checks that are expected to fail. */
  readonly sick?: readonly string[];
}

/** Starts a process for each role; resolves when every check but those expected to fail answers. */
export async function startApart(
  natsAddress: string,
  roles: readonly string[],
  { actors = [], sick = [] }: ApartOptions = {},
): Promise<Apart> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-apart-"));
  const [scan, controller] = [await freePort(), await freePort()];
  const processes = new Map<string, ChildProcess>();
  const args = ["--bus", `nats://${natsAddress}`, "--data", join(folder, "data"), "--log-to", join(folder, "log")];
  for (const actor of actors) args.push("--actors", actor);
  args.push("--set", `http.scan.bind_socket=127.0.0.1:${scan}`);
  args.push("--set", `http.controller.bind_socket=127.0.0.1:${controller}`);
  const start = (role: string) => {
    const child = spawn(program, ["serve", role, ...args], { stdio: ["ignore", "ignore", "inherit"] });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.removeListener("exit", kill));
    processes.set(role, child);
  };
  for (const role of roles) start(role);
  const url = `http://127.0.0.1:${scan}`;
  await untilWhole(url, sick);
  return {
    scan: url,
    pids: () => [...processes.values()].map((child) => child.pid ?? 0),
    start,
    async kill(role) {
      const child = processes.get(role);
      if (child) await endServer(child, "SIGKILL");
    },
    async close() {
      await Promise.all([...processes.values()].map((child) => endServer(child, "SIGTERM")));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilWhole(url: string, sick: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const failed = await failedChecks(url);
    if (failed?.every((check) => sick.includes(check))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the filter at ${url} is not whole after 15 s`);
}

/** Checks that fail on a small mail; undefined when there is no verdict. */
async function failedChecks(url: string): Promise<readonly string[] | undefined> {
  try {
    const response = await fetch(`${url}/checkv2`, { method: "POST", body: "Subject: first\r\n\r\nhello\r\n" });
    const verdict = (await response.json()) as { symbols?: Record<string, { options?: readonly string[] }> };
    if (!verdict.symbols) return undefined;
    return (verdict.symbols.CHECK_FAILED?.options ?? []).map((option) => option.split(":")[0] ?? "");
  } catch {
    return undefined; // it does not listen yet
  }
}
