// Where a service listens, as Rspamd writes it: "127.0.0.1:11332", "*:11332", "[::1]:11332", or a path with
// "mode=0660 owner=name group=name".

import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { custom, type Field, list } from "./config/schema.ts";

export interface TcpSocket {
  readonly kind: "tcp";
  /** "" for every address of both families. */
  readonly host: string;
  readonly port: number;
}

export interface UnixSocket {
  readonly kind: "unix";
  readonly path: string;
  readonly mode: number;
  readonly owner: string | undefined;
  readonly group: string | undefined;
}

export type BindSocket = TcpSocket | UnixSocket;

/** Only the owner: such a socket gives away every mail. */
const ownerOnly = 0o600;
/** sun_path has 108 bytes with its NUL (unix(7)). */
const maxSocketPath = 107;

/** The key `bind_socket` of a service that listens on `port` of loopback unless told. `mode` is that of sockets without one. */
export function bindSockets(port: number, about: string, mode = ownerOnly): Field<readonly BindSocket[]> {
  const localhost: BindSocket = { kind: "tcp", host: "127.0.0.1", port };
  const socket = custom<BindSocket>(
    localhost,
    "host:port, *:port, or /path mode=0660 owner=name group=name",
    (value) => (typeof value === "string" ? parseBindSocket(value, port, mode) : new Error("an address is text")),
    writeBindSocket,
  );
  return list(socket, [localhost], about);
}

/** The address, or an Error that says what is wrong. */
export function parseBindSocket(text: string, defaultPort: number, defaultMode = ownerOnly): BindSocket | Error {
  const trimmed = text.trim().replace(/^unix:(?=\/)/, "");
  return trimmed.startsWith("/") ? parsePath(trimmed, defaultMode) : parseHost(trimmed, defaultPort);
}

/** As Postfix's smtpd_milters has it. */
export function showBindSocket(socket: BindSocket): string {
  return socket.kind === "unix" ? `unix:${socket.path}` : `inet:${writeBindSocket(socket)}`;
}

/** As `parseBindSocket` reads it. */
export function writeBindSocket(socket: BindSocket): string {
  if (socket.kind === "tcp") return `${isIPv6(socket.host) ? `[${socket.host}]` : socket.host || "*"}:${socket.port}`;
  const { path, mode, owner, group } = socket;
  const words = [path, `mode=0${mode.toString(8)}`];
  if (owner !== undefined) words.push(`owner=${owner}`);
  if (group !== undefined) words.push(`group=${group}`);
  return words.join(" ");
}

function parseHost(text: string, defaultPort: number): BindSocket | Error {
  // An IPv6 address without brackets has no room for a port.
  if (isIPv6(text)) return { kind: "tcp", host: text, port: defaultPort };
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host = "", portText] = match ?? [];
  const port = portText === undefined ? defaultPort : Number(portText);
  if (!match || port > 65535) return new Error(`"${text}" is no address: host:port or /path is needed`);
  return { kind: "tcp", host: wildcards[host.toLowerCase()] ?? host.replace(/^\[|\]$/g, ""), port };
}

const wildcards: Readonly<Record<string, string>> = { "*": "", "*v4": "0.0.0.0", "*v6": "::" };

function parsePath(text: string, defaultMode: number): BindSocket | Error {
  const [path = "", ...options] = text.split(/\s+/);
  if (path === "/" || Buffer.byteLength(path) > maxSocketPath)
    return new Error(`a socket needs a path of at most ${maxSocketPath} bytes`);
  let mode = defaultMode;
  let owner: string | undefined;
  let group: string | undefined;
  for (const option of options) {
    const [, key, value = ""] = /^(mode|owner|group)=(\S+)$/.exec(option) ?? [];
    if (key === "owner") owner = value;
    else if (key === "group") group = value;
    else if (key === "mode" && /^0?[0-7]{3}$/.test(value)) mode = Number.parseInt(value, 8);
    else return new Error(`"${option}" is not understood: mode=0660, owner=name or group=name`);
  }
  return { kind: "unix", path, mode, owner, group };
}

/** Numbers of a user and a group by name, from /etc/passwd and /etc/group. Throws an Error for a name not there. */
export function accountOf(owner: string | undefined, group: string | undefined): { uid: number; gid: number } {
  const user = owner === undefined ? undefined : lookUp("/etc/passwd", owner);
  const team = group === undefined ? undefined : lookUp("/etc/group", group);
  // A user's own group goes with the user; -1 leaves as it is (chown(2)).
  return { uid: Number(user?.[2] ?? -1), gid: Number(team?.[2] ?? user?.[3] ?? -1) };
}

function lookUp(file: string, name: string): readonly string[] {
  if (/^\d+$/.test(name)) return [name, "", name];
  const found = readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([first]) => first === name);
  if (found === undefined) throw new Error(`${name} is not in ${file}`);
  return found;
}
