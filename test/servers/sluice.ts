// The filter itself for tests: `bin/sluice serve` as a child process, on free ports, with a configuration folder and
// data of its own.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startZoneServer, type ZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { freePort } from "./free-port.ts";
import { endServer, startServer } from "./process.ts";

export const program = resolve(import.meta.dirname, "../../bin/sluice");

export interface Sluice {
  /** Port for mail servers. */
  readonly milter: number;
  /** "http://127.0.0.1:1234" */
  readonly scan: string;
  readonly controller: string;
  /** Of its configuration; its state is in `data` below. */
  readonly folder: string;
  /** The only name server it has. */
  readonly dns: ZoneServer;
  /** Of the process as it was started last. */
  pid(): number;
  log(): Promise<string>;
  /** Ends it as an operator would. Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with the same ports and data. */
  start(): Promise<void>;
  /** Ends it, and removes its files. */
  close(): Promise<void>;
}

export interface SluiceOptions {
  /** UCL: the text of sluice.conf. */
  readonly config?: string;
  /** Lines of the DNS; there is nothing else in it. */
  readonly zone?: readonly string[];
  /** Folders of further actors. */
  readonly actors?: readonly string[];
  /** Further options of `sluice serve`. */
  readonly options?: readonly string[];
}

/** Starts the filter; resolves when it takes mail. */
export async function startSluice({
  config = "",
  zone = [],
  actors = [],
  options = [],
}: SluiceOptions = {}): Promise<Sluice> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-serve-"));
  const [milter, scan, controller] = [await freePort(), await freePort(), await freePort()];
  const dns = await startZoneServer({ zone });
  const log = join(folder, "log");
  await writeFile(join(folder, "sluice.conf"), config);
  const args = ["serve", "--config", folder, "--data", join(folder, "data"), "--log-to", log];
  for (const actor of actors) args.push("--actors", actor);
  args.push("--set", `milter.bind_socket=127.0.0.1:${milter}`);
  args.push("--set", `http.scan.bind_socket=127.0.0.1:${scan}`);
  args.push("--set", `http.controller.bind_socket=127.0.0.1:${controller}`);
  args.push("--set", `options.dns.nameserver=${dns.address}`, ...options);
  // The milter is what starts last.
  const start = () => startServer({ command: program, args, debian: "", port: milter });
  let child = await start();
  return {
    milter,
    scan: `http://127.0.0.1:${scan}`,
    controller: `http://127.0.0.1:${controller}`,
    folder,
    dns,
    pid: () => child.pid ?? 0,
    log: () => readFile(log, "utf8"),
    stop: () => stopServer(child),
    kill: () => endServer(child, "SIGKILL"),
    async start() {
      child = await start();
    },
    async close() {
      await stopServer(child);
      await dns.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function stopServer(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  }
  return child.exitCode;
}
