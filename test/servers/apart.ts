// The filter in pieces for tests: gateway, coordinator and each actor a process of its own, over a real NATS.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startZoneServer, type ZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { freePort } from "./free-port.ts";
import { leash } from "./leash.ts";
import { endServer } from "./process.ts";
import { program } from "./sluice.ts";

export interface Apart {
  /** "http://127.0.0.1:1234" */
  readonly scan: string;
  /** The only name server they have. */
  readonly dns: ZoneServer;
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
  /** Further options of `sluice serve`. */
  readonly options?: readonly string[];
  /** Each process has a data folder of its own, as on machines of their own. */
  readonly ownData?: boolean;
}

/** Starts a process for each role, or for several ("http dns"); resolves when every check but those expected to fail answers. */
export async function startApart(
  natsAddress: string,
  roles: readonly string[],
  { actors = [], sick = [], options = [], ownData = false }: ApartOptions = {},
): Promise<Apart> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-apart-"));
  const [scan, controller] = [await freePort(), await freePort()];
  const dns = await startZoneServer();
  const processes = new Map<string, ChildProcess>();
  const args = ["--bus", `nats://${natsAddress}`, "--log-to", join(folder, "log"), ...options];
  for (const actor of actors) args.push("--actors", actor);
  args.push("--set", `http.scan.bind_socket=127.0.0.1:${scan}`);
  args.push("--set", `http.controller.bind_socket=127.0.0.1:${controller}`);
  args.push("--set", `options.dns.nameserver=${dns.address}`);
  const start = (role: string) => {
    const data = join(folder, ownData ? `data-${role}` : "data");
    const child = spawn(program, ["serve", ...role.split(" "), "--data", data, ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    leash(child);
    processes.set(role, child);
  };
  for (const role of roles) start(role);
  const url = `http://127.0.0.1:${scan}`;
  await untilWhole(url, sick);
  return {
    scan: url,
    dns,
    pids: () => [...processes.values()].map((child) => child.pid ?? 0),
    start,
    async kill(role) {
      const child = processes.get(role);
      if (child) await endServer(child, "SIGKILL");
    },
    async close() {
      await Promise.all([...processes.values()].map((child) => endServer(child, "SIGTERM")));
      await dns.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilWhole(url: string, sick: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 2400; tries++) {
    const failed = await failedChecks(url);
    if (failed?.every((check) => sick.includes(check))) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the filter at ${url} is not whole after 120 s`);
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
