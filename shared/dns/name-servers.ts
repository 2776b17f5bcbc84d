// The name servers of a site: which there are, and the sockets to them.

import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type UpstreamOptions, Upstreams } from "../upstream.ts";
import type { ServerAddress, ServerList } from "../upstream-list.ts";
import { UdpServer } from "./udp.ts";

export class NameServers {
  readonly upstreams: Upstreams;
  /** Addresses whose server does not know EDNS (RFC 6891, 6.2.2): a word of the last century, said to no new one. */
  readonly plain = new Set<string>();
  readonly #sockets: number;
  readonly #servers = new Map<string, UdpServer>();

  constructor(list: ServerList, sockets: number, options: UpstreamOptions) {
    this.upstreams = new Upstreams(list, options);
    this.#sockets = sockets;
  }

  over(address: string, port: number): UdpServer {
    const key = `${address} ${port}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = new UdpServer(address, port, this.#sockets);
    this.#servers.set(key, server);
    return server;
  }

  /** What is on its way still gets its replies. */
  close(): void {
    for (const server of this.#servers.values()) server.close();
    this.#servers.clear();
  }
}

/** The servers of a resolv.conf(5), in its order; undefined when it is missing or names none. */
export function systemServers(file: string): ServerList | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const servers: ServerAddress[] = [];
  let rotates = false;
  for (const line of text.split("\n")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    const [host = ""] = rest;
    if (word === "nameserver" && isIP(host) !== 0) servers.push({ host, port: 53, weight: 1 });
    if (word === "options" && rest.includes("rotate")) rotates = true;
  }
  return servers.length === 0 ? undefined : { rotation: rotates ? "round-robin" : "master-slave", servers };
}
