// Real Redis servers for tests, from Debian's package: one alone, one with replica and sentinels, a cluster of three.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { endServer, startServer } from "./process.ts";

export interface RedisServer {
  readonly port: number;
  /** "127.0.0.1:6379" */
  readonly address: string;
  pid(): number;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same data. */
  start(): Promise<void>;
  /** What `redis-cli` answers to a command. */
  cli(...args: readonly string[]): Promise<string>;
  /** Lets so many ms pass for the keys that expire. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** There is no telling Redis what time it is: what has a time to live has less of it. */
const passing = `for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end
end`;

export interface RedisServerOptions {
  /** Further lines of redis.conf. */
  readonly config?: readonly string[];
  /** Options that redis-cli needs to be let in. */
  readonly cli?: readonly string[];
  /** As a sentinel instead of a server. */
  readonly sentinel?: boolean;
  readonly port?: number;
}

const run = promisify(execFile);

/** Starts redis-server with an append-only file that loses nothing; data live in a folder of its own, which goes with it. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { config = [], cli = [], sentinel = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "sluice-redis-"));
  const port = options.port ?? (await freePort());
  const file = join(folder, "redis.conf");
  const own = sentinel ? [] : ["appendonly yes", "appendfsync always", 'save ""'];
  const listens = config.some((line) => line.startsWith("port ")) ? [] : [`port ${port}`];
  await mkdir(join(folder, "data"));
  await writeFile(file, [`dir ${folder}/data`, "bind 127.0.0.1", ...listens, ...own, ...config, ""].join("\n"));
  const args = sentinel ? [file, "--sentinel"] : [file];
  const program = { command: "redis-server", args, debian: "redis-server", port };
  let child = await startServer(program);
  const ask = async (...command: readonly string[]) => {
    const { stdout } = await run("redis-cli", ["-p", String(port), ...cli, ...command]);
    return stdout.trim();
  };
  return {
    port,
    address: `127.0.0.1:${port}`,
    pid: () => child.pid ?? 0,
    kill: () => endServer(child, "SIGKILL"),
    async start() {
      child = await startServer(program);
    },
    cli: ask,
    async pass(ms) {
      const answer = await ask("EVAL", passing, "0", String(ms));
      if (answer !== "") throw new Error(answer);
    },
    async close() {
      // One that a test stopped does not hear SIGTERM.
      await endServer(child, "SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
