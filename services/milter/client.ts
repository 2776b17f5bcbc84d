// The SMTP client as the mail server presents it.

import { canonicalIp } from "../../shared/message/ip.ts";
import { SMFIA_INET, SMFIA_INET6 } from "./wire/constants.ts";
import type { ConnectInfo } from "./wire/decode.ts";

export interface Client {
  /** Canonical address; absent for a local client. */
  readonly ip?: string;
  /** Verified reverse name. */
  readonly hostname?: string;
}

export function clientOf(info: ConnectInfo): Client {
  const ip = info.family === SMFIA_INET || info.family === SMFIA_INET6 ? canonicalIp(info.address) : "";
  const hostname = hostnameOf(info.hostname);
  return { ...(ip === "" ? {} : { ip }), ...(hostname === undefined ? {} : { hostname }) };
}

/** Servers say "unknown" (Postfix) or the address in brackets (Sendmail) for a client without a verified name. */
export function hostnameOf(name: string | undefined): string | undefined {
  if (!name || name.toLowerCase() === "unknown" || name.startsWith("[")) return undefined;
  return name;
}
