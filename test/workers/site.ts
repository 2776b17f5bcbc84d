// `bin/sluice serve --workers 2` as real processes, on free ports, with the actor of trouble/.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { freePort } from "../servers/free-port.ts";
import { leash } from "../servers/leash.ts";
import { program } from "../servers/sluice.ts";

export interface Line {
  readonly msg: string;
  readonly pid: number;
  readonly workers?: readonly number[];
  readonly workerPid?: number;
}

/** Mails that are at work until they are told to go on. */
export interface Waiting {
  /** In the order in which they began. */
  readonly pids: readonly number[];
  /** Lets them go on; resolves with the status of each. */
  release(): Promise<readonly number[]>;
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
  /** How many lines of the log so far are wanted. */
  seen(wanted: (line: Line) => boolean): number;
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
  leash(child);
  const ended = once(child, "exit").then(([code]) => code);
  const { logged, seen } = followLog(child);
  const [ready] = await logged(({ msg }) => msg === "ready");
  return {
    folder,
    scan,
    controller,
    milter,
    workers: ready?.workers ?? [],
    pid: child.pid ?? 0,
    logged,
    seen,
    signal: (signal) => child.kill(signal),
    ended,
    async close() {
      child.kill("SIGTERM");
      await ended;
      await dns.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function followLog(child: ChildProcess): Pick<Site, "logged" | "seen"> {
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
  const logged: Site["logged"] = (wanted, count = 1) =>
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
  return { logged, seen: (wanted) => lines.filter(wanted).length };
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

/** Sends so many mails that wait; resolves when all of them are at work. */
export async function scanWaiting(site: Site, count: number): Promise<Waiting> {
  const gate = join(site.folder, `gate-${gates++}`);
  const isWaiting = ({ msg }: Line) => msg === "a mail waits";
  const before = site.seen(isWaiting);
  const answers = Promise.all(Array.from({ length: count }, () => scan(site, `wait ${gate}`)));
  const lines = await site.logged(isWaiting, before + count);
  return {
    pids: lines.slice(before).map(({ pid }) => pid),
    async release() {
      writeFileSync(gate, "");
      return (await answers).map(({ status }) => status);
    },
  };
}

let gates = 0;

export function scan(site: Site, trouble = "none"): Promise<Answer> {
  return ask(site.scan, "/checkv2", mail(trouble));
}

/** What each of the two workers answers on the controller's port: connections go to them in turn. */
export async function fromEach(site: Site, path: string): Promise<readonly string[]> {
  const answers = [await ask(site.controller, path), await ask(site.controller, path)];
  for (const { status } of answers) assert.equal(status, 200);
  return answers.map(({ text }) => text);
}

/** The same, as soon as both are wanted. Tests have a time limit, which this has not. */
export async function untilEach(
  site: Site,
  path: string,
  wanted: (text: string) => boolean,
): Promise<readonly string[]> {
  for (;;) {
    const texts = await fromEach(site, path);
    if (texts.every(wanted)) return texts;
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
