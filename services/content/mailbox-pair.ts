// When two mailboxes are taken for the same, or for mailboxes of the same party.

import type { Mailbox } from "../../shared/task.ts";

/** The same address. Case of the user part counts for no mail server in use, whatever RFC 5321, 2.4 allows. */
export function sameAddress(one: Mailbox, other: Mailbox): boolean {
  return one.host === other.host && one.user.toLowerCase() === other.user.toLowerCase();
}

/** The same organisational domain; hosts that have none are compared as they are. */
export function sameDomain(one: Mailbox, other: Mailbox): boolean {
  if (one.host === "" || other.host === "") return false;
  return one.host === other.host || (one.domain !== "" && one.domain === other.domain);
}
