// Bitcoin addresses whose checksum is right: Base58Check with a double SHA-256, and Bech32 (BIP 173, BIP 350).

import { createHash } from "node:crypto";

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Words that look like an address. */
const candidates = /\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1|BC1)[A-Za-z0-9]{39,59})\b/g;
/** Candidates of a text that are checked: each costs two hashes. */
const mostChecked = 20;

function isBase58(address: string): boolean {
  let number = 0n;
  for (const char of address) number = number * 58n + BigInt(base58.indexOf(char));
  const hex = number.toString(16).padStart(50, "0");
  if (hex.length !== 50) return false;
  const bytes = Buffer.from(hex, "hex");
  const once = createHash("sha256").update(bytes.subarray(0, 21)).digest();
  const twice = createHash("sha256").update(once).digest();
  return twice.subarray(0, 4).equals(bytes.subarray(21));
}

function isBech32(address: string): boolean {
  const lower = address.toLowerCase();
  if (address !== lower && address !== address.toUpperCase()) return false;
  // The prefix "bc" expanded: high bits, 0, low bits.
  const values = [3, 3, 0, 2, 3];
  for (const char of lower.slice(3)) {
    const value = bech32.indexOf(char);
    if (value < 0) return false;
    values.push(value);
  }
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [i, generator] of generators.entries()) if (((top >>> i) & 1) === 1) check ^= generator;
  }
  return check === 1 || check === 0x2bc830a3;
}

/** Whether the address is one: its checksum says so. */
export function isBitcoinAddress(address: string): boolean {
  return /^bc1/i.test(address) ? isBech32(address) : isBase58(address);
}

/** The first address in a text, or "". */
export function bitcoinAddressIn(text: string): string {
  let checked = 0;
  for (const [address] of text.matchAll(candidates)) {
    if (isBitcoinAddress(address)) return address;
    if (++checked >= mostChecked) break;
  }
  return "";
}
