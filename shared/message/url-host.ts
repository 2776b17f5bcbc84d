// The host of a URL as a browser resolves it (WHATWG URL, 3.5): in ASCII and lower case, addresses in their usual form.

import { isConfusable, isInvisible } from "./confusable.ts";
import { asciiHost, isHostName } from "./domain.ts";

/** Bits of what is odd about a URL, one for each `UrlFlag`. */
export const Odd = {
  obfuscated: 1,
  numeric: 2,
  user: 4,
  punycode: 8,
  confusable: 16,
  schemeless: 32,
  image: 64,
  truncated: 128,
  subject: 256,
} as const;

export interface Host {
  /** Without brackets for an IPv6 address. */
  readonly host: string;
  readonly odd: number;
}

/** Reads a host as written; null when no reader can resolve it. */
export function parseHost(written: string): Host | null {
  const last = written.charCodeAt(written.length - 1);
  if (last > 102 && last < 123 && isHostName(written) && !written.includes("xn--")) return { host: written, odd: 0 };
  let odd = 0;
  let text = written;
  if (text.charCodeAt(0) === 91 && text.endsWith("]") && text.includes(":")) return parseIpv6(text);
  if (text.includes("[") || text.includes("(") || text.includes("{")) {
    text = refang(text);
    odd |= Odd.obfuscated;
  }
  if (text.includes("%")) {
    const decoded = percentDecode(text);
    if (decoded === null) return null;
    text = decoded;
    odd |= Odd.obfuscated;
  }
  const ascii = asciiHost(text);
  if (!isHostName(ascii)) return null;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 128) continue;
    if (isDisguise(text.charCodeAt(i))) odd |= Odd.obfuscated;
    else odd |= Odd.punycode;
  }
  if (ascii.includes("xn--")) odd |= Odd.punycode;
  if ((odd & (Odd.obfuscated | Odd.punycode)) !== 0) {
    if (isConfusable(text)) odd |= Odd.confusable;
    if (!ascii.includes("xn--")) odd &= ~Odd.punycode;
  }
  if (!endsInNumber(ascii)) return { host: ascii, odd };
  const address = parseIpv4(ascii);
  if (address === null) return null;
  return { host: address, odd: odd | Odd.numeric | (address === written ? 0 : Odd.obfuscated) };
}

/** Puts the full stops back that somebody took the life of: "example[.]org". */
export function refang(host: string): string {
  return host.replace(/\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\}/gi, ".");
}

/** Whether the last label makes a browser read the host as an IPv4 address (WHATWG URL, "ends in a number"). */
function endsInNumber(host: string): boolean {
  const last = host.charCodeAt(host.length - 1);
  const digit = last >= 48 && last <= 57;
  if (!digit && !(last >= 97 && last <= 102) && last !== 120) return false;
  const label = host.slice(host.lastIndexOf(".") + 1);
  return /^(?:\d+|0x[0-9a-f]*)$/.test(label);
}

/** Dotted quad of an address in any notation that inet_aton takes: parts in decimal, octal or hexadecimal, the last of
 *  which fills the bytes that are left. */
function parseIpv4(host: string): string | null {
  const parts = host.split(".");
  if (parts.length > 4) return null;
  const numbers = parts.map(parseNumber);
  const last = numbers.pop() ?? Number.NaN;
  if (!(last < 256 ** (4 - numbers.length))) return null;
  let address = last;
  for (const [i, number] of numbers.entries()) {
    if (!(number < 256)) return null;
    address += number * 256 ** (3 - i);
  }
  return [24, 16, 8, 0].map((shift) => (address / 2 ** shift) & 255).join(".");
}

function parseNumber(text: string): number {
  if (/^0x[0-9a-f]*$/.test(text)) return text.length === 2 ? 0 : Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0|[1-9]\d*)$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
}

function parseIpv6(written: string): Host | null {
  if (written.length > 64) return null;
  const host = URL.parse(`http://${written}/`)?.hostname;
  if (host === undefined) return null;
  return { host: host.slice(1, -1), odd: Odd.numeric };
}

/** Bytes behind `%`, read as UTF-8; null when they are not. */
function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Characters that vanish or turn into plain ones in a host: full-width forms, other full stops, invisible ones. */
function isDisguise(c: number): boolean {
  return isInvisible(c) || c === 0x3002 || (c >= 0xff01 && c <= 0xff61);
}
