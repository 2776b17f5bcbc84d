// Which names without a scheme are taken for a host: mail readers make links of them by their suffix.

import { organisationalDomain } from "./domain.ts";

// Suffixes that end file names, identifiers and sentences more often than hosts; a path must follow.
const doubtful: ReadonlySet<string> = new Set(
  (
    "ai am app as at be bat cab cc cf cfd cpa do doc exe gz id in is it java kim la lol md me mk ml mo mov name no ph pl pm " +
    "pro ps pub py rip rs run sc sh so st to tools tv us vi zip"
  ).split(" "),
);

// In capitals, where a sentence without its blank looks the same, only what hosts usually end in.
const shouted = /^(?:[A-Z]{2}|COM|NET|ORG|EDU|GOV|INFO|BIZ)$/;

/** Whether text with this host makes a link. `path`: whether a path follows. */
export function hasLinkedSuffix(host: string, path: boolean): boolean {
  if (!path) {
    const suffix = host.slice(host.lastIndexOf(".") + 1);
    const first = suffix.charCodeAt(0);
    // "the end.Then we", "THE END.THEN WE"
    if (first >= 65 && first <= 90 && !shouted.test(suffix)) return false;
    if (doubtful.has(suffix.toLowerCase())) return false;
  }
  return organisationalDomain(host) !== "";
}
