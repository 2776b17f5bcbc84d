// Which names without a scheme are taken for a host: mail readers make links of them by their suffix.

import { organisationalDomain } from "./domain.ts";

// Suffixes that end file names, identifiers and sentences more often than hosts; a path must follow.
const doubtful: ReadonlySet<string> = new Set(
  (
    "ai am app as at be bat cab cc cfd cpa do doc exe gz id in is it java kim la lol md me mk ml mo mov name no ph pl pm " +
    "pro ps pub py rip rs run sc sh so st to tools tv us vi zip"
  ).split(" "),
);

/** Whether text with this host makes a link. `more`: whether a port or a path follows. */
export function hasLinkedSuffix(host: string, more: boolean): boolean {
  const suffix = host.slice(host.lastIndexOf(".") + 1);
  if (!more) {
    const first = suffix.charCodeAt(0);
    const second = suffix.charCodeAt(1);
    // "the end.Then we": a sentence without its blank.
    if (first >= 65 && first <= 90 && second >= 97) return false;
    if (doubtful.has(suffix.toLowerCase())) return false;
  }
  return organisationalDomain(host) !== "";
}
