// Addresses and networks: whether one lies in the other, in whatever spelling both came.

import { canonicalIp } from "./message/ip.ts";

/** Eight groups of 16 bits; an IPv4 address stands in it as RFC 4291, 2.5.5.2 maps it. */
export type Address = readonly number[];

export interface Network {
  readonly address: Address;
  /** Length of the prefix, of 128. */
  readonly bits: number;
}

/** Reads an address in any spelling that mail servers use; null when it is none. */
export function readAddress(text: string): Address | null {
  const canonical = canonicalIp(text.trim());
  if (canonical === "") return null;
  if (canonical.includes(".")) {
    const [a = 0, b = 0, c = 0, d = 0] = canonical.split(".").map(Number);
    return [0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d];
  }
  const [head = "", tail] = canonical.split("::");
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function groupsOf(text: string): readonly number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}

/** Reads "192.0.2.1", "192.0.2.0/24", "2001:db8::/32"; an Error names what is wrong. */
export function readNetwork(text: string): Network | Error {
  const slash = text.indexOf("/");
  const written = slash === -1 ? text : text.slice(0, slash);
  const address = readAddress(written);
  if (!address) return new Error(`"${text}" is neither an address nor a network`);
  const width = written.includes(":") ? 128 : 32;
  const prefix = slash === -1 ? String(width) : text.slice(slash + 1).trim();
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return new Error(`"${text}" has no prefix of 0 to ${width}`);
  return { address, bits: Number(prefix) + 128 - width };
}

export function contains(network: Network, address: Address): boolean {
  let left = network.bits;
  for (let group = 0; left > 0; group++, left -= 16) {
    const shift = Math.max(16 - left, 0);
    if ((network.address[group] ?? 0) >> shift !== (address[group] ?? 0) >> shift) return false;
  }
  return true;
}

/** A set of networks. What is no address is in none. */
export interface Networks {
  has(address: string): boolean;
}

/** Reads all of them; an Error names the first that is wrong. */
export function networksOf(entries: readonly string[]): Networks | Error {
  const networks: Network[] = [];
  for (const entry of entries) {
    const network = readNetwork(entry);
    if (network instanceof Error) return network;
    networks.push(network);
  }
  return {
    has(text) {
      const address = readAddress(text);
      return address !== null && networks.some((network) => contains(network, address));
    },
  };
}

type Membership = (ip: string) => boolean;

const compiled = new WeakMap<readonly string[], Membership>();

/** Whether an address is in one of the networks of a list in the configuration. */
export function isIn(ip: string | undefined, entries: readonly string[]): boolean {
  if (ip === undefined) return false;
  const known = compiled.get(entries);
  if (known !== undefined) return known(ip);
  const fresh = membershipOf(entries);
  compiled.set(entries, fresh);
  return fresh(ip);
}

function membershipOf(entries: readonly string[]): Membership {
  const networks = networksOf(entries);
  // Each entry was read when the configuration was.
  if (networks instanceof Error) return () => false;
  // Several checks of a message ask for the same address.
  let asked = "";
  let found = networks.has(asked);
  return (ip) => {
    if (ip !== asked) found = networks.has(ip);
    asked = ip;
    return found;
  };
}

const loopback = networksOf(["127.0.0.0/8", "::1"]);

/** RFC 1122, 3.2.1.3 and RFC 4291, 2.5.3. */
export function isLoopback(text: string): boolean {
  return !(loopback instanceof Error) && loopback.has(text);
}
