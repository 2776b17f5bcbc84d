// Lists of servers as operators write them: "[rotation:]host[:port[:weight]],..." (Rspamd's upstream strings).

import { isIPv6 } from "node:net";

/** How the next server is chosen among those that are alive; see upstream-rotation.ts. */
const rotations = ["round-robin", "random", "master-slave", "hash", "sequential"] as const;
export type Rotation = (typeof rotations)[number];

export interface ServerAddress {
  /** A name, an address, or the absolute path of a socket in the file system. */
  readonly host: string;
  /** 0 for a path. */
  readonly port: number;
  readonly weight: number;
}

export interface ServerList {
  readonly rotation: Rotation;
  readonly servers: readonly ServerAddress[];
}

export interface ListDefaults {
  readonly port: number;
  /** Where the text names none. */
  readonly rotation: Rotation;
}

const maxServers = 1_000;

/**
 * Reads one text, or several whose servers make one list. Commas, semicolons and blanks separate servers; an IPv6 address
 * with a port stands in brackets. The Error names what is wrong.
 */
export function parseServers(texts: string | readonly string[], defaults: ListDefaults): ServerList | Error {
  let { rotation } = defaults;
  const servers: ServerAddress[] = [];
  for (const text of typeof texts === "string" ? [texts] : texts) {
    const { named, rest } = takeRotation(text.trim());
    rotation = named ?? rotation;
    for (const entry of rest.split(/[\s,;]+/)) {
      if (entry === "") continue;
      const server = parseServer(entry, defaults.port);
      if (server instanceof Error) return server;
      servers.push(server);
      if (servers.length > maxServers) return new Error(`more than ${maxServers} servers`);
    }
  }
  return servers.length === 0 ? new Error("no server in the list") : { rotation, servers };
}

function takeRotation(text: string): { readonly named?: Rotation; readonly rest: string } {
  for (const named of rotations) if (text.startsWith(`${named}:`)) return { named, rest: text.slice(named.length + 1) };
  return { rest: text };
}

function parseServer(entry: string, defaultPort: number): ServerAddress | Error {
  if (entry.startsWith("service=")) return new Error(`"${entry}": lookups of SRV records are not supported`);
  const { host, rest } = splitHost(entry);
  const [portText = "", weightText = "", ...further] = rest;
  if (host === "" || further.length > 0) return new Error(`"${entry}" is not host[:port[:weight]]`);
  const isPath = host.startsWith("/");
  if (!isPath && !/^[A-Za-z0-9._:-]{1,253}$/.test(host)) return new Error(`"${host}" is neither a host nor a path`);
  const port = isPath ? 0 : readNumber(portText, defaultPort, 1, 65_535);
  if (port === undefined) return new Error(`"${entry}": ${portText} is no port`);
  const weight = readNumber(weightText, 1, 0, 1_000_000);
  if (weight === undefined) return new Error(`"${entry}": ${weightText} is no weight`);
  return { host, port, weight };
}

function splitHost(entry: string): { readonly host: string; readonly rest: readonly string[] } {
  if (isIPv6(entry)) return { host: entry, rest: [] };
  const [, inner, after = ""] = /^\[([^\]]*)\](?::(.*))?$/.exec(entry) ?? [];
  if (inner !== undefined) return { host: isIPv6(inner) ? inner : "", rest: after === "" ? [] : after.split(":") };
  const [host = "", ...rest] = entry.split(":");
  return { host, rest };
}

function readNumber(text: string, fallback: number, least: number, most: number): number | undefined {
  if (text === "") return fallback;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** As `parseServers` reads it, with ports written out. */
export function printServers({ rotation, servers }: ServerList): readonly string[] {
  return servers.map(({ host, port, weight }, index) => {
    const written = isIPv6(host) ? `[${host}]` : host;
    const start = index === 0 ? `${rotation}:` : "";
    const end = `${port === 0 ? "" : `:${port}`}${weight === 1 ? "" : `:${weight}`}`;
    return `${start}${written}${end}`;
  });
}
