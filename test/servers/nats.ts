// A real nats-server for tests, on a free loopback port.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { endServer, startServer } from "./process.ts";

export interface NatsServer {
  /** "127.0.0.1:4222" */
  readonly address: string;
  pid(): number;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with other further lines of nats.conf if there are any. */
  restart(config?: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface NatsServerOptions {
  /** Bytes of the largest message, headers included. Default 1 MB, as the server's own. */
  readonly maxPayload?: number;
  /** Further lines of nats.conf. */
  readonly config?: readonly string[];
}

/** Starts nats-server from Debian's package. */
export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const { maxPayload = 1_048_576, config: further = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), "sluice-nats-"));
  const port = await freePort();
  const config = join(folder, "nats.conf");
  const own = [`listen: "127.0.0.1:${port}"`, `max_payload: ${maxPayload}`];
  const write = (lines: readonly string[]) => writeFile(config, [...own, ...lines, ""].join("\n"));
  await write(further);
  const program = { command: "nats-server", args: ["-c", config], debian: "nats-server", port };
  let child = await startServer(program);
  return {
    address: `127.0.0.1:${port}`,
    pid: () => child.pid ?? 0,
    kill: () => endServer(child, "SIGKILL"),
    async restart(lines = further) {
      await endServer(child, "SIGKILL");
      await write(lines);
      child = await startServer(program);
    },
    async close() {
      // One that a test stopped does not hear SIGTERM.
      await endServer(child, "SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
