// Which host a message came from, as far as SPF is concerned, and whether that is ours.

import { networkMap } from "../../../shared/map/live-map.ts";
import type { MapSource } from "../../../shared/map/source.ts";
import { isIn } from "../../../shared/network.ts";
import type { Envelope, Hop } from "../../../shared/task.ts";

export interface SendingHost {
  readonly ip: string;
  /** "" when it gave none. */
  readonly helo: string;
  /** It has logged in. */
  readonly authenticated: boolean;
}

/**
 * The client; for mail that one of our relays brings, the host that the relay has it from. Only headers that a relay
 * itself has written are believed: what lies below the first stranger may be forged. Undefined when nobody knows.
 */
export function sendingHost(envelope: Envelope, received: readonly Hop[], relays: MapSource): SendingHost | undefined {
  const { ip = "", helo = "", user = "" } = envelope;
  let host: SendingHost = { ip, helo, authenticated: user !== "" };
  for (const hop of received) {
    if (!isListed(host, relays)) break;
    // The host that took the message from the relay may have noted that before it asked us.
    if (hop.ip === host.ip) continue;
    host = { ip: hop.ip, helo: hop.from, authenticated: hop.authenticated };
  }
  return host.ip === "" || isListed(host, relays) ? undefined : host;
}

/** Whether a list of networks has the host; `tell` hears what is wrong with its files. Most sites list nothing. */
export function isListed({ ip }: SendingHost, source: MapSource, tell?: (problem: string) => void): boolean {
  if (source.entries.length + source.files.length === 0) return false;
  const map = networkMap(source);
  const isIn = map.get(ip) !== undefined;
  if (tell !== undefined) map.takeProblems().forEach(tell);
  return isIn;
}

export interface OwnMail {
  readonly check_local: boolean;
  readonly check_authed: boolean;
}

/** Whether it is mail of our own, which nobody else can vouch for. `local` is options.local_addrs. */
export function isOwnMail(
  host: SendingHost,
  { check_local, check_authed }: OwnMail,
  local: readonly string[],
): boolean {
  if (host.authenticated && !check_authed) return true;
  if (check_local) return false;
  return isIn(host.ip, local);
}
