// Whether a message comes from a stranger: signatures of our own mail are not there yet, or not worth a look.

import type { ConfigOf } from "../../../shared/check.ts";
import type { Envelope, Hop } from "../../../shared/task.ts";
import type { spfConfig } from "../spf/config.ts";
import { isOwnMail, type OwnMail, type SendingHost, sendingHost } from "../spf/sending-host.ts";

/** The host that it came from, whose address is "" where nobody knows; undefined when the mail is our own. */
export function strangerOf(
  task: { readonly envelope: Envelope; readonly received: readonly Hop[] },
  own: OwnMail,
  { spf, options }: ConfigOf<typeof spfConfig>,
): SendingHost | undefined {
  const { envelope, received } = task;
  const { user = "" } = envelope;
  const unknown = { ip: "", helo: "", authenticated: user !== "" };
  const host = sendingHost(envelope, received, spf.external_relay) ?? unknown;
  return isOwnMail(host, own, options.local_addrs) ? undefined : host;
}
