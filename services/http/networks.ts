// Sets of addresses and networks, for `secure_ip`.

import { BlockList, isIP } from "node:net";

export interface Networks {
  has(address: string): boolean;
}

/** Reads addresses and networks ("127.0.0.1", "10.0.0.0/8", "::1"). Answers with an Error that names the bad one. */
export function networksOf(entries: readonly string[]): Networks | Error {
  const list = new BlockList();
  for (const entry of entries) {
    const slash = entry.indexOf("/");
    const address = slash < 0 ? entry.trim() : entry.slice(0, slash).trim();
    const version = isIP(address);
    if (version === 0) return new Error(`"${entry}" is neither an address nor a network`);
    const bits = version === 4 ? 32 : 128;
    const written = entry.slice(slash + 1).trim();
    const prefix = slash < 0 ? bits : /^\d{1,3}$/.test(written) ? Number(written) : -1;
    if (prefix < 0 || prefix > bits) return new Error(`"${entry}" has no prefix of 0 to ${bits}`);
    list.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  }
  return {
    has(text) {
      const address = canonicalAddress(text);
      return address !== null && list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
    },
  };
}

/** An address as SMTP and HTTP write it, in plain form: without brackets, zone, "IPv6:" and IPv4 mapping. Or null. */
export function canonicalAddress(text: string): string | null {
  let address = text.trim();
  if (address.startsWith("[") && address.endsWith("]")) address = address.slice(1, -1);
  // RFC 5321, 4.1.3
  if (/^ipv6:/i.test(address)) address = address.slice(5);
  const zone = address.indexOf("%");
  if (zone > 0) address = address.slice(0, zone);
  const version = isIP(address);
  if (version === 0) return null;
  if (version === 4) return address;
  // RFC 4291, 2.5.5.2: a dual-stack socket shows IPv4 peers like this.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : address.toLowerCase();
}

export function isLoopback(text: string): boolean {
  const address = canonicalAddress(text);
  return address !== null && (address === "::1" || address.startsWith("127."));
}
