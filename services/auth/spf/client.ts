// The address of the host that sends, in the forms in which SPF compares and writes it.

import { hexDigit } from "../../../shared/message/hex.ts";
import { canonicalIp } from "../../../shared/message/ip.ts";
import { type Address, contains, readAddress } from "../../../shared/network.ts";

export interface Client {
  /** Canonical: an IPv4 address mapped into IPv6 is IPv4 (RFC 7208, 5). */
  readonly text: string;
  readonly version: 4 | 6;
  /** The bits of an IPv4 address; 0 for IPv6. */
  readonly bits: number;
  readonly groups: Address;
}

/** null when it is no address. */
export function readClient(ip: string): Client | null {
  // As most of them are written already.
  const written = readIp4(ip);
  const text = Number.isNaN(written) ? canonicalIp(ip.trim()) : ip;
  const bits = Number.isNaN(written) ? readIp4(text) : written;
  if (!Number.isNaN(bits))
    return { text, version: 4, bits, groups: [0, 0, 0, 0, 0, 0xffff, bits >>> 16, bits & 0xffff] };
  const groups = readIp6(text);
  return groups === null ? null : { text, version: 6, bits: 0, groups };
}

/** The bits of "192.0.2.1" as the grammar of RFC 7208, 12 has it; NaN when it is none. */
export function readIp4(text: string): number {
  let bits = 0;
  let octet = -1;
  let octets = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 46) {
      if (octet === -1 || ++octets > 3) return Number.NaN;
      bits = (bits << 8) | octet;
      octet = -1;
    } else if (c >= 48 && c <= 57 && octet !== 0) {
      octet = (octet === -1 ? 0 : octet) * 10 + c - 48;
      if (octet > 255) return Number.NaN;
    } else return Number.NaN;
  }
  return octets === 3 && octet !== -1 ? (bits << 8) | octet : Number.NaN;
}

/** The groups of an address in the forms of RFC 4291, 2.2; null when it is none. */
export function readIp6(text: string): Address | null {
  const double = text.indexOf("::");
  if (double === -1) {
    const groups = readGroups(text, true);
    return groups?.length === 8 ? groups : null;
  }
  const before = double === 0 ? [] : readGroups(text.slice(0, double), false);
  const after = double === text.length - 2 ? [] : readGroups(text.slice(double + 2), true);
  if (before === null || after === null || before.length + after.length > 7) return null;
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** Groups of hex digits with colons between; the last two of an address may be written as one of IPv4. */
function readGroups(text: string, isEnd: boolean): number[] | null {
  const groups: number[] = [];
  let group = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === 58) {
      if (digits === 0 || groups.length > 7) return null;
      groups.push(group);
      group = 0;
      digits = 0;
      continue;
    }
    if (c === 46 && isEnd) return withIp4(groups, text.slice(at - digits));
    const digit = hexDigit(c);
    if (digit < 0 || ++digits > 4) return null;
    group = group * 16 + digit;
  }
  return digits === 0 ? null : [...groups, group];
}

function withIp4(groups: readonly number[], text: string): number[] | null {
  const bits = readIp4(text);
  return Number.isNaN(bits) ? null : [...groups, bits >>> 16, bits & 0xffff];
}

/** Whether two IPv4 addresses share so many bits. */
export function sharesPrefix(one: number, other: number, bits: number): boolean {
  // A shift by 32 is one by 0.
  return bits === 0 || (one ^ other) >>> (32 - bits) === 0;
}

/** Whether the client lies in the network around an address that the DNS gave for its family. */
export function isNear(client: Client, address: string, bits4: number, bits6: number): boolean {
  if (client.version === 4) {
    return bits4 === 32 ? address === client.text : sharesPrefix(client.bits, readIp4(address), bits4);
  }
  if (bits6 === 128) return address === client.text;
  const groups = readAddress(address);
  return groups !== null && contains({ address: groups, bits: bits6 }, client.groups);
}

/** The 32 digits of an IPv6 address. */
function digitsOf({ groups }: Client): readonly string[] {
  return [...groups.map((group) => group.toString(16).padStart(4, "0")).join("")];
}

/** The value of the macro "i": IPv6 as digits with dots between, in upper case as the examples of RFC 7208, 7.4. */
export function dotted(client: Client): string {
  return client.version === 4 ? client.text : digitsOf(client).join(".").toUpperCase();
}

/** Where the PTR records of the address are. */
export function reverseName(client: Client): string {
  if (client.version === 4) return `${client.text.split(".").reverse().join(".")}.in-addr.arpa`;
  return `${digitsOf(client).toReversed().join(".")}.ip6.arpa`;
}
