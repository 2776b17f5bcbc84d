// Which host a message came from, as far as SPF is concerned, and whether that is ours.

import { networkMap } from "../../../shared/map/live-map.ts";
import type { MapSource } from "../../../shared/map/source.ts";
import { type Networks, networksOf } from "../../../shared/network.ts";
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
  const isRelay = relays.entries.length + relays.files.length === 0 ? () => false : isIn(relays);
  for (const hop of received) {
    if (!isRelay(host.ip)) break;
    // The host that took the message from the relay may have noted that before it asked us.
    if (hop.ip === host.ip) continue;
    host = { ip: hop.ip, helo: hop.from, authenticated: hop.authenticated };
  }
  return host.ip === "" || isRelay(host.ip) ? undefined : host;
}

function isIn(source: MapSource): (ip: string) => boolean {
  const map = networkMap(source);
  return (ip) => map.get(ip) !== undefined;
}

export interface OwnMail {
  readonly check_local: boolean;
  readonly check_authed: boolean;
}

const compiled = new WeakMap<readonly string[], Networks>();

/** Whether it is mail of our own, which nobody else can vouch for. `local` is options.local_addrs. */
export function isOwnMail(
  host: SendingHost,
  { check_local, check_authed }: OwnMail,
  local: readonly string[],
): boolean {
  if (host.authenticated && !check_authed) return true;
  if (check_local) return false;
  let networks = compiled.get(local);
  if (networks === undefined) {
    const read = networksOf(local);
    // Each entry was read when the configuration was.
    networks = read instanceof Error ? { has: () => false } : read;
    compiled.set(local, networks);
  }
  return networks.has(host.ip);
}
