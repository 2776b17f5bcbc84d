// Senders that a forwarder has rewritten so that SPF passes for its own domain (Sender Rewriting Scheme).

import { asciiHost, isHostName } from "../../../shared/message/domain.ts";

// SRS0=hash=time=host=user, and SRS1=hash=forwarder==hash=time=host=user of whoever forwards it again. The first divider
// may be "+" or "-". Microsoft puts its own form behind the mailbox that forwards: mailbox+SRS=hash=time=host=user.
const forms = [
  /^srs0[=+-][^=]+=[^=]+=([^=]+)=(.+)$/i,
  /^srs1[=+-][^=]+=[^=]+=[=+-][^=]+=[^=]+=([^=]+)=(.+)$/i,
  /^[^=]*\+srs=[^=]+=[^=]+=([^=]+)=(.+)$/i,
];

/**
 * The sender before it was rewritten, which anybody can claim; undefined for other senders. A hash guards it, and only
 * the forwarder can tell whether that is right.
 */
export function rewrittenFrom(sender: string): string | undefined {
  const at = sender.lastIndexOf("@");
  if (at === -1 || at > 512) return undefined;
  const local = sender.slice(0, at);
  for (const form of forms) {
    const [, written = "", user = ""] = form.exec(local) ?? [];
    const host = asciiHost(written);
    if (user !== "" && isHostName(host) && host.includes(".")) return `${user}@${host}`;
  }
  return undefined;
}
