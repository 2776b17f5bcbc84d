// Where a listener listens, as Rspamd writes it: "127.0.0.1:11333", "[::1]:11333", "*:11333", "/run/x.sock mode=0660".

import { isIP } from "node:net";

export type BindAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string; readonly mode: number; readonly ignored: readonly string[] };

/** A socket file without a mode is for its owner and group alone. */
const defaultMode = 0o660;

/** Reads one `bind_socket`. `port` is taken when none is written. Answers with an Error that says what is wrong. */
export function parseBindAddress(value: string, port: number): BindAddress | Error {
  const text = value.trim();
  if (text.startsWith("/") || text.startsWith("unix:")) return parseUnix(text.replace(/^unix:/, ""));
  const { host, rest } = splitHost(text);
  const chosen = rest === "" ? port : portOf(rest);
  if (chosen === null) return new Error(`"${value}" has no port from 0 to 65535`);
  if (host === "*" || host === "*v4") return { kind: "tcp", host: "0.0.0.0", port: chosen };
  if (host === "*v6") return { kind: "tcp", host: "::", port: chosen };
  if (isIP(host) > 0 || /^[a-z\d]([a-z\d.-]{0,252})$/i.test(host)) return { kind: "tcp", host, port: chosen };
  return new Error(`"${value}" is no address to listen on: host:port, [address]:port, *:port or a path`);
}

function splitHost(text: string): { host: string; rest: string } {
  const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
  if (bracket > 0) return { host: text.slice(1, bracket), rest: text.slice(bracket + 1).replace(/^:/, "") };
  // An IPv6 address without brackets has no room for a port.
  if (isIP(text) === 6) return { host: text, rest: "" };
  const colon = text.lastIndexOf(":");
  return colon < 0 ? { host: text, rest: "" } : { host: text.slice(0, colon), rest: text.slice(colon + 1) };
}

function portOf(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port <= 65_535 ? port : null;
}

function parseUnix(text: string): BindAddress | Error {
  const [path = "", ...words] = text.split(/\s+/);
  // The path has to fit into sockaddr_un with its closing NUL (108 bytes on Linux).
  if (path.length < 2 || Buffer.byteLength(path) > 107) return new Error(`"${path}" is no path for a socket`);
  let mode = defaultMode;
  const ignored: string[] = [];
  for (const word of words) {
    const digits = /^mode=(0?[0-7]{3})$/.exec(word)?.[1];
    if (digits !== undefined) mode = Number.parseInt(digits, 8);
    else if (/^(owner|group)=/.test(word)) ignored.push(word);
    else return new Error(`"${word}" is not understood after the path of a socket; mode=0660 is`);
  }
  return { kind: "unix", path, mode, ignored };
}
