// Who handed a message over to the recipient's side. A mail server that asks while it talks to the client says so in the
// envelope; of mail that was delivered long ago, or comes with an address only, the Received fields know.

import type { Envelope, Hop } from "../task.ts";
import { isPrivateAddress } from "./private-address.ts";

export interface Border {
  /** "" when nobody says. */
  readonly ip: string;
  /** Reverse name in lower case; "" when it has none, or the server does not say. */
  readonly rdns: string;
  readonly helo: string;
  /** Whether the client had logged in. */
  readonly authenticated: boolean;
  /** Hops before this one: what the client says of the way of the message. */
  readonly before: number;
}

/**
 * The client at the border, null when nobody knows one on the Internet. Without an address in the envelope it is the first
 * one of the Received fields that is of no private network: fields further down may be forged, those above are ours.
 */
export function borderOf(envelope: Envelope | undefined, received: readonly Hop[]): Border | null {
  const ip = envelope?.ip;
  if (ip !== undefined && isPrivateAddress(ip) && envelope?.user !== undefined) return null;
  const known = ip !== undefined && !isPrivateAddress(ip);
  const at = received.findIndex((hop) => (known ? hop.ip === ip : hop.ip !== "" && !isPrivateAddress(hop.ip)));
  const hop = received[at];
  if (!known && hop === undefined) return null;
  return {
    ip: known ? ip : (hop?.ip ?? ""),
    rdns: (envelope?.hostname ?? hop?.rdns ?? "").toLowerCase(),
    helo: envelope?.helo ?? hop?.from ?? "",
    authenticated: envelope?.user !== undefined || hop?.authenticated === true,
    // The server that asks has not written its own field yet.
    before: at === -1 ? received.length : received.length - at - 1,
  };
}

/**
 * The envelope with what the Received fields say of the client, where whoever asks gave its address and nothing else: a mail
 * that was delivered before bears the field of the server that took it.
 */
export function withClient(envelope: Envelope, received: readonly Hop[]): Envelope {
  const { ip, hostname, helo } = envelope;
  if (ip === undefined || hostname !== undefined || helo !== undefined) return envelope;
  const hop = received.find((one) => one.ip === ip);
  if (hop === undefined) return envelope;
  // Not every server notes the reverse name, so that none is no sign.
  return {
    ...envelope,
    ...(hop.rdns === "" ? {} : { hostname: hop.rdns }),
    ...(hop.from === "" ? {} : { helo: hop.from }),
  };
}
