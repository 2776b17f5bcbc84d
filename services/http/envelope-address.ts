// Addresses of the envelope, as clients write them in `From` and `Rcpt`.

/** RFC 5321, 4.5.3.1: 64 for the local part, 255 for the domain; some room, for senders count differently. */
const maxLength = 512;

/** An address without angle brackets; "" for the null sender; null when the text is no address. */
export function parseEnvelopeAddress(text: string): string | null {
  let address = text.trim();
  if (address.startsWith("<") && address.endsWith(">")) address = address.slice(1, -1).trim();
  if (address === "") return "";
  if (address.length > maxLength) return null;
  // RFC 5321, 4.1.2: a source route is to be ignored.
  const route = /^@[^:]*:(.*)$/.exec(address)?.[1];
  if (route !== undefined) address = route;
  const at = address.lastIndexOf("@");
  // Local recipients ("root", "postmaster") have no domain.
  const local = at < 0 ? address : address.slice(0, at);
  const domain = at < 0 ? null : address.slice(at + 1);
  if (domain !== null && !isDomain(domain)) return null;
  return isLocalPart(local) ? address : null;
}

function isDomain(text: string): boolean {
  return /^\[[\w.:]+\]$/.test(text) || /^[^\s\x00-\x20"(),:;<>@[\\\]\x7f]+$/.test(text);
}

function isLocalPart(text: string): boolean {
  if (text.startsWith('"')) return /^"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"$/.test(text);
  return /^[^\s\x00-\x20"(),:;<>@[\\\]\x7f]+$/.test(text);
}

/** Splits a list at its commas; those inside quotes or angle brackets belong to an address. */
export function splitAddresses(line: string): string[] {
  const found: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charCodeAt(at);
    if (char === 0x5c) at += 1;
    else if (char === 0x22) quoted = !quoted;
    else if (quoted) continue;
    else if (char === 0x3c) angle = true;
    else if (char === 0x3e) angle = false;
    else if (char === 0x2c && !angle) {
      found.push(line.slice(start, at).trim());
      start = at + 1;
    }
  }
  found.push(line.slice(start).trim());
  return found.filter((address) => address !== "");
}
