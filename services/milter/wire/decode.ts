// Payloads of commands. The server's word is not trusted: a payload that is not exactly what the command has is a
// Fault `bad-input`, and the connection ends.

import { isUtf8 } from "node:buffer";
import { Fault } from "../../../shared/fault.ts";
import { SMFIA_INET, SMFIA_INET6, SMFIA_UNIX, SMFIA_UNKNOWN } from "./constants.ts";

export interface ConnectInfo {
  readonly hostname: string;
  readonly family: number;
  readonly port: number;
  /** Address or socket path; "" for an unknown family. */
  readonly address: string;
}

export interface MacroInfo {
  /** The command that the macros belong to. */
  readonly command: number;
  /** By name without braces. */
  readonly macros: ReadonlyMap<string, string>;
}

export interface PathInfo {
  /** As given in the SMTP command: "<user@example.org>". */
  readonly path: string;
  /** ESMTP parameters: "SIZE=1000". */
  readonly args: readonly string[];
}

/** Bytes, for a header may hold anything. */
export interface HeaderInfo {
  readonly name: Buffer;
  readonly value: Buffer;
}

/** An SMTP command has more than this many parameters only to hurt. */
const maxArgs = 64;
const maxMacros = 256;

/** UTF-8 (SMTPUTF8, RFC 6531), or one character a byte where it is none. */
function toText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes.toString("latin1");
}

/** Strings that each end with a NUL, and nothing after the last. */
function strings(data: Buffer, from: number, most: number): string[] {
  const found: string[] = [];
  for (let at = from; at < data.length; ) {
    const end = data.indexOf(0, at);
    if (end < 0) throw new Fault("bad-input", "string without an end");
    if (found.length === most) throw new Fault("bad-input", `more than ${most} strings`);
    found.push(toText(data.subarray(at, end)));
    at = end + 1;
  }
  return found;
}

function only(data: Buffer): string {
  const [text, ...more] = strings(data, 0, 2);
  if (text === undefined || more.length > 0) throw new Fault("bad-input", "not exactly one string");
  return text;
}

export function decodeConnect(data: Buffer): ConnectInfo {
  const end = data.indexOf(0);
  if (end < 0 || end + 1 >= data.length) throw new Fault("bad-input", "connect without an address family");
  const hostname = toText(data.subarray(0, end));
  const family = data.readUInt8(end + 1);
  // Sendmail sends nothing after "U"; others repeat an empty port and address.
  if (family === SMFIA_UNKNOWN) return { hostname, family, port: 0, address: "" };
  if (family !== SMFIA_INET && family !== SMFIA_INET6 && family !== SMFIA_UNIX)
    throw new Fault("bad-input", `address family ${family}`);
  if (data.length < end + 4) throw new Fault("bad-input", "connect without a port");
  return { hostname, family, port: data.readUInt16BE(end + 2), address: only(data.subarray(end + 4)) };
}

/** The name of HELO, or the line of an unknown command. */
export function decodeLine(data: Buffer): string {
  return only(data);
}

/** MAIL FROM and RCPT TO. */
export function decodePath(data: Buffer): PathInfo {
  const [path, ...args] = strings(data, 0, maxArgs + 1);
  if (path === undefined) throw new Fault("bad-input", "no address");
  return { path, args };
}

export function decodeMacros(data: Buffer): MacroInfo {
  if (data.length === 0) throw new Fault("bad-input", "macros of no command");
  const words = strings(data, 1, 2 * maxMacros);
  if (words.length % 2 !== 0) throw new Fault("bad-input", "macro without a value");
  const macros = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) macros.set(bare(words[at] ?? ""), words[at + 1] ?? "");
  return { command: data.readUInt8(0), macros };
}

/** "{client_name}" and "client_name" are the same macro, "{i}" and "i" too. */
function bare(name: string): string {
  return name.startsWith("{") && name.endsWith("}") ? name.slice(1, -1) : name;
}

export function decodeHeader(data: Buffer): HeaderInfo {
  const colon = data.indexOf(0);
  if (colon < 0 || data.indexOf(0, colon + 1) !== data.length - 1)
    throw new Fault("bad-input", "not a name and a value");
  return { name: data.subarray(0, colon), value: data.subarray(colon + 1, data.length - 1) };
}
