// `bin/sluice serve --workers 2` as real processes, on free ports, with the actor of trouble/.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { freePort } from "../servers/free-port.ts";
import { program } from "../servers/sluice.ts";

export interface Line {
  readonly msg: string;
  readonly pid: number;
  readonly workers?: readonly number[];
  readonly workerPid?: number;
}

export interface Answer {
  /** HTTP status; 0 when the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
}

export interface Site {
  readonly folder: string;
  readonly scan: number;
  readonly controller: number;
  /** Path of the milter's socket. */
  readonly milter: string;
  /** Of the workers that were there when it was ready. */
  readonly workers: readonly number[];
  readonly pid: number;
  /** Resolves with the first `count` lines of the log, those before included, that are wanted. */
  logged(wanted: (line: Line) => boolean, count?: number): Promise<readonly Line[]>;
  signal(signal: NodeJS.Signals): void;
  /** Exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  close(): Promise<void>;
}

export function mail(trouble: string): string {
  return `From: a@example.org\r\nSubject: test\r\nX-Trouble: ${trouble}\r\n\r\nhello\r\n`;
}

/** Starts it; resolves when it is ready. */
export async function startSite(extra: readonly string[] = []): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-workers-"));
  const milter = join(folder, "milter.sock");
  const [scan, controller] = [await freePort(), await freePort()];
  const dns = await startZoneServer();
  writeFileSync(join(folder, "sluice.conf"), "");
  const args = ["serve", "--workers", "2", "--config", folder, "--data", join(folder, "data")];
  args.push("--actors", resolve(import.meta.dirname, "trouble"));
  args.push("--set", `http.scan.bind_socket=127.0.0.1:${scan}`);
  args.push("--set", `http.controller.bind_socket=127.0.0.1:${controller}`);
  args.push("--set", "http.controller.secure_ip=127.0.0.1");
  args.push("--set", `options.dns.nameserver=${dns.address}`);
  args.push("--set", `milter.bind_socket="${milter} mode=0600"`);
  const child = spawn(program, [...args, ...extra], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "exit").then(([code]) => code);
  const logged = followLog(child);
  const [ready] = await logged(({ msg }) => msg === "ready");
  return {
    folder,
    scan,
    controller,
    milter,
    workers: ready?.workers ?? [],
    pid: child.pid ?? 0,
    logged,
    signal: (signal) => child.kill(signal),
    ended,
    async close() {
      child.kill("SIGTERM");
      await ended;
      await dns.close();
      process.removeListener("exit", kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function followLog(child: ChildProcess): Site["logged"] {
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let rest = "";
  let isOver = false;
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    const parts = (rest + part).split("\n");
    rest = parts.pop() ?? "";
    for (const text of parts) lines.push(JSON.parse(text));
    for (const look of waiting) look();
  });
  child.once("close", () => {
    isOver = true;
    for (const look of waiting) look();
  });
  return (wanted, count = 1) =>
    new Promise((done, failed) => {
      const look = () => {
        const found = lines.filter(wanted);
        if (found.length >= count) done(found.slice(0, count));
        else if (isOver) failed(new Error(`it ended, and its last words were ${JSON.stringify(lines.slice(-3))}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
}

/** Each on a connection of its own, so that workers take turns. */
export function ask(port: number, path: string, body?: string): Promise<Answer> {
  return new Promise((done) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request({ host: "127.0.0.1", port, path, method, agent: false }, (reply) => {
      let text = "";
      reply.setEncoding("utf8").on("data", (part) => (text += part));
      reply.on("end", () => done({ status: reply.statusCode ?? 0, text }));
      reply.on("error", () => done({ status: 0, text }));
    });
    asked.on("error", () => done({ status: 0, text: "" }));
    asked.end(body);
  });
}

export function scan(site: Site, trouble = "none"): Promise<Answer> {
  return ask(site.scan, "/checkv2", mail(trouble));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
