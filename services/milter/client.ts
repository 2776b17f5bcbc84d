// The SMTP client as the mail server presents it.

import { isIPv4, isIPv6, SocketAddress } from "node:net";
import { SMFIA_INET, SMFIA_INET6 } from "./wire/constants.ts";
import type { ConnectInfo } from "./wire/decode.ts";

export interface Client {
  /** Canonical address; absent for a local client. */
  readonly ip?: string;
  /** Verified reverse name. */
  readonly hostname?: string;
}

export function clientOf(info: ConnectInfo): Client {
  const ip = info.family === SMFIA_INET || info.family === SMFIA_INET6 ? canonicalIp(info.address) : undefined;
  const hostname = hostnameOf(info.hostname);
  return { ...(ip === undefined ? {} : { ip }), ...(hostname === undefined ? {} : { hostname }) };
}

/** Servers say "unknown" (Postfix) or the address in brackets (Sendmail) for a client without a verified name. */
export function hostnameOf(name: string | undefined): string | undefined {
  if (!name || name.toLowerCase() === "unknown" || name.startsWith("[")) return undefined;
  return name;
}

/** Sendmail writes "IPv6:" before such an address (RFC 5321, 4.1.3). */
function canonicalIp(address: string): string | undefined {
  const bare = address.replace(/^IPv6:/i, "");
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return undefined;
  const canonical = new SocketAddress({ address: bare, family: "ipv6" }).address;
  const mapped = /^::ffff:([0-9.]+)$/i.exec(canonical)?.[1];
  return mapped ?? canonical;
}
