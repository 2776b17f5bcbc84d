// A real recursive name server for tests, on a free loopback port: unbound, which asks another for what it does not know.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { endServer, startServer } from "./process.ts";

export interface Unbound {
  /** "127.0.0.1:5353" */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts unbound from Debian's package; `behind` is the port of the server that it asks. */
export async function startUnbound(behind: number): Promise<Unbound> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-unbound-"));
  const port = await freePort();
  const config = join(folder, "unbound.conf");
  const lines = [
    "server:",
    `  interface: 127.0.0.1@${port}`,
    '  username: ""',
    '  chroot: ""',
    `  directory: "${folder}"`,
    '  pidfile: ""',
    "  use-syslog: no",
    "  do-daemonize: no",
    "  do-ip6: no",
    "  do-not-query-localhost: no",
    '  module-config: "iterator"',
    "  local-zone: 2.0.192.in-addr.arpa nodefault",
    "remote-control:",
    "  control-enable: no",
    "forward-zone:",
    '  name: "."',
    `  forward-addr: 127.0.0.1@${behind}`,
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  const child = await startServer({ command: "unbound", args: ["-d", "-c", config], debian: "unbound", port });
  return {
    address: `127.0.0.1:${port}`,
    async close() {
      await endServer(child, "SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
