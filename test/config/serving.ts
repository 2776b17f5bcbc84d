// A whole Sluice as a process of its own, on a configuration folder that a test changes while it runs.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { startZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { freePort } from "../servers/free-port.ts";
import { leash } from "../servers/leash.ts";

const program = resolve(import.meta.dirname, "../../bin/sluice");

/** What a scan was answered with, as far as these tests look. */
export interface Answer {
  readonly status: number;
  readonly action: string;
  readonly required: number;
  readonly symbols: readonly string[];
}

export interface LogLine {
  readonly msg: string;
  readonly file?: string;
  readonly line?: number;
  readonly nearest?: string;
}

export interface Site {
  /** Folder of the configuration. */
  readonly folder: string;
  write(path: string, text: string): void;
  /** Resolves with the exit code and what was said, when the process ends by itself or was told to. */
  run(command: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }>;
  close(): void;
}

export interface Serving {
  scan(mail: string): Promise<Answer>;
  /** Resolves with the next line of the log that is `wanted`; looks at lines from the last one found on. */
  logged(wanted: (line: LogLine) => boolean): Promise<LogLine>;
  stop(): Promise<number | null>;
}

export function makeSite(files: Readonly<Record<string, string>>): Site {
  const root = mkdtempSync(join(tmpdir(), "sluice-site-"));
  const folder = join(root, "config");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    // As editors do: nobody ever sees half a file.
    writeFileSync(join(root, "next"), text);
    renameSync(join(root, "next"), join(folder, path));
  };
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    folder,
    write,
    run([command = "", ...args]) {
      const data = command === "serve" ? ["--data", join(root, "data")] : [];
      const child = spawn(program, [command, ...args, ...data, "--config", folder], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (part) => (said += part));
      return new Promise((done, failed) => {
        child.once("error", failed);
        child.once("close", (code) => done({ code, said }));
      });
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Starts everything on free ports; resolves when it takes mail. */
export async function serve(site: Site): Promise<Serving> {
  const port = await freePort();
  const dns = await startZoneServer();
  const keys = {
    "http.scan.bind_socket": `127.0.0.1:${port}`,
    "http.controller.bind_socket": `127.0.0.1:${await freePort()}`,
    "milter.bind_socket": `127.0.0.1:${await freePort()}`,
    "options.dns.nameserver": dns.address,
  };
  const sets = Object.entries(keys).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const args = ["serve", "--config", site.folder, "--data", join(site.folder, "../data"), ...sets];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const log = followLog(child);
  leash(child);
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  await log.next((line) => line.msg === "ready");
  return {
    scan: (mail) => scan(port, mail),
    logged: log.next,
    async stop() {
      child.kill("SIGTERM");
      const code = await ended;
      await dns.close();
      return code;
    },
  };
}

function followLog(child: ChildProcess) {
  const lines: LogLine[] = [];
  let rest = "";
  let looked = 0;
  let more: (() => void) | undefined;
  let isOver = false;
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    const parts = (rest + part).split("\n");
    rest = parts.pop() ?? "";
    for (const text of parts) lines.push(JSON.parse(text));
    more?.();
  });
  child.once("close", () => {
    isOver = true;
    more?.();
  });
  return {
    async next(wanted: (line: LogLine) => boolean): Promise<LogLine> {
      for (;;) {
        for (; looked < lines.length; looked++) {
          const line = lines[looked];
          if (line !== undefined && wanted(line)) {
            looked++;
            return line;
          }
        }
        if (isOver)
          throw new Error(`sluice ended before it said that; its last words: ${JSON.stringify(lines.at(-1))}`);
        await new Promise<void>((done) => (more = done));
      }
    },
  };
}

function scan(port: number, mail: string): Promise<Answer> {
  return new Promise((done, failed) => {
    const asked = request({ port, host: "127.0.0.1", path: "/checkv2", method: "POST" }, async (reply) => {
      let text = "";
      for await (const part of reply.setEncoding("utf8")) text += part;
      const answer = JSON.parse(text);
      done({
        status: reply.statusCode ?? 0,
        action: answer.action,
        required: answer.required_score,
        symbols: Object.keys(answer.symbols ?? {}),
      });
    });
    asked.once("error", failed);
    asked.end(mail);
  });
}
