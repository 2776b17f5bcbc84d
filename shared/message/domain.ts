// Host names: their ASCII form and their organisational domain by the public suffix list.

import { domainToASCII } from "node:url";
import { parse } from "tldts";
import { ownText } from "../own-text.ts";

// Private suffixes (github.io, blogspot.com) count: who registers below one of them is a party of its own.
const options = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };

/** The registered domain of a host in ASCII and lower case: "example.co.uk" for "www.Example.co.uk". The host may be in
 *  Unicode or in ASCII, with or without a final dot. "" for an address, for a public suffix itself, for a suffix that
 *  the list does not have, and for what is no host name. */
export function organisationalDomain(host: string): string {
  const ascii = asciiHost(host);
  if (!endsInLetter(ascii)) return "";
  const found = parse(ascii, options);
  if (found.domain === null || !(found.isIcann === true || found.isPrivate === true)) return "";
  return isHostName(ascii) ? found.domain : "";
}

/** A host in ASCII and lower case (UTS 46, as browsers do it), without the final dot; "" when it cannot be one.
 *  A host that is ASCII already is only put in lower case: what it holds is for the caller to judge. */
export function asciiHost(host: string): string {
  let end = host.length;
  if (end > 0 && host.charCodeAt(end - 1) === 46) end--;
  let upper = false;
  for (let i = 0; i < end; i++) {
    const c = host.charCodeAt(i);
    if (c >= 128) return internationalHost(host);
    if (c >= 65 && c <= 90) upper = true;
  }
  const bare = end === host.length ? host : host.slice(0, end);
  return upper ? bare.toLowerCase() : bare;
}

/** Characters beyond which no host has an ASCII form: 253 in ASCII, and invisible ones that vanish. */
const longestHost = 1024;
/** Conversions that are remembered: one costs as much as reading a line, and one host is asked for several times. */
const remembered = 500;
const known = new Map<string, string>();

function internationalHost(host: string): string {
  if (host.length > longestHost) return "";
  let ascii = known.get(host);
  if (ascii === undefined) {
    ascii = withoutDot(domainToASCII(host));
    if (known.size >= remembered) known.clear();
    known.set(ownText(host), ascii);
  }
  return ascii;
}

/** Whether a host in ASCII and lower case is made of labels: letters, digits, `-` and the `_` that is in use although
 *  RFC 952 has no such character; no label is empty or longer than 63 characters (RFC 1035, 2.3.4). */
export function isHostName(host: string): boolean {
  if (host.length > 253) return false;
  let label = 0;
  for (let i = 0; i < host.length; i++) {
    const c = host.charCodeAt(i);
    if (c === 46) {
      if (label === 0) return false;
      label = 0;
      continue;
    }
    if (!((c >= 97 && c <= 122) || (c >= 48 && c <= 57) || c === 45 || c === 95)) return false;
    if (++label > 63) return false;
  }
  return label > 0;
}

function withoutDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** Only a suffix in punycode ends in a digit; an address always does. */
function endsInLetter(host: string): boolean {
  const c = host.charCodeAt(host.length - 1);
  return (c >= 97 && c <= 122) || (c >= 48 && c <= 57 && host.lastIndexOf(".xn--") >= 0);
}
