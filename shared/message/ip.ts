// IP addresses as text, in the one form that lists and maps are written in: IPv6 by RFC 5952, an IPv4 address
// mapped into IPv6 as plain IPv4.

import { isIPv4, isIPv6 } from "node:net";

/** Eight groups of a valid IPv6 address without a zone. */
function groupsOf(address: string): number[] {
  let text = address;
  const dot = text.lastIndexOf(":");
  if (text.includes(".")) {
    const [a = 0, b = 0, c = 0, d = 0] = text
      .slice(dot + 1)
      .split(".")
      .map(Number);
    text = `${text.slice(0, dot + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const [head = "", tail] = text.split("::");
  const read = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const before = read(head);
  if (tail === undefined) return before;
  const after = read(tail);
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function formatGroups(groups: readonly number[]): string {
  // RFC 5952, 4.2: the longest run of zeros, the first of equals, never a single one.
  let start = -1;
  let length = 1;
  for (let at = 0; at < groups.length; at++) {
    let run = 0;
    while (groups[at + run] === 0) run++;
    if (run > length) {
      start = at;
      length = run;
    }
    at += run;
  }
  const digits = groups.map((group) => group.toString(16));
  if (start === -1) return digits.join(":");
  return `${digits.slice(0, start).join(":")}::${digits.slice(start + length).join(":")}`;
}

/** Canonical form of an IPv4 or IPv6 address, with or without brackets, "IPv6:" tag or zone; "" when it is none. */
export function canonicalIp(text: string): string {
  if (text.length > 60) return "";
  let address = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIPv4(address)) return address;
  if (/^ipv6:/i.test(address)) address = address.slice(5);
  const zone = address.indexOf("%");
  if (zone !== -1) address = address.slice(0, zone);
  if (!isIPv6(address)) return "";
  const groups = groupsOf(address);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  }
  return formatGroups(groups);
}
