// Where a service listens, as Rspamd writes it: "127.0.0.1:11332", "*:11332", "[::1]:11332", or a path with
// "mode=0660 owner=name group=name".

import { readFileSync } from "node:fs";

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

/** Only the owner: a milter's socket gives away every mail. */
const defaultMode = 0o600;
/** sun_path has 108 bytes with its NUL (unix(7)). */
const maxSocketPath = 107;

/** The address, or an Error that says what is wrong. */
export function parseBindSocket(text: string, defaultPort: number): BindSocket | Error {
  const trimmed = text.trim();
  return trimmed.startsWith("/") ? parsePath(trimmed) : parseHost(trimmed, defaultPort);
}

/** As Postfix's smtpd_milters has it. */
export function showBindSocket(socket: BindSocket): string {
  if (socket.kind === "unix") return `unix:${socket.path}`;
  return `inet:${socket.host.includes(":") ? `[${socket.host}]` : socket.host || "*"}:${socket.port}`;
}

/** As `parseBindSocket` reads it. */
export function writeBindSocket(socket: BindSocket): string {
  if (socket.kind === "tcp") return showBindSocket(socket).slice("inet:".length);
  const { path, mode, owner, group } = socket;
  const words = [path, `mode=0${mode.toString(8)}`];
  if (owner !== undefined) words.push(`owner=${owner}`);
  if (group !== undefined) words.push(`group=${group}`);
  return words.join(" ");
}

function parseHost(text: string, defaultPort: number): BindSocket | Error {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host = "", portText] = match ?? [];
  const port = portText === undefined ? defaultPort : Number(portText);
  if (!match || port > 65535) return new Error(`"${text}" is no address: host:port or /path is needed`);
  return { kind: "tcp", host: wildcards[host.toLowerCase()] ?? host.replace(/^\[|\]$/g, ""), port };
}

const wildcards: Readonly<Record<string, string>> = { "*": "", "*v4": "0.0.0.0", "*v6": "::" };

function parsePath(text: string): BindSocket | Error {
  const [path = "", ...options] = text.split(/\s+/);
  if (Buffer.byteLength(path) > maxSocketPath)
    return new Error(`the path of a socket has at most ${maxSocketPath} bytes`);
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
