// The SMTP client as the mail server presents it.

import { clientName } from "../../shared/client-name.ts";
import { canonicalIp } from "../../shared/message/ip.ts";
import { SMFIA_INET, SMFIA_INET6 } from "./wire/constants.ts";
import type { ConnectInfo } from "./wire/decode.ts";

export interface Client {
  /** Canonical address; absent for a local client. */
  readonly ip?: string;
  /** Verified reverse name; "" when it has none. */
  readonly hostname?: string;
}

export function clientOf(info: ConnectInfo): Client {
  const ip = info.family === SMFIA_INET || info.family === SMFIA_INET6 ? canonicalIp(info.address) : "";
  const hostname = clientName(info.hostname);
  // What has no address has no reverse name to look for.
  const said = hostname !== undefined && (hostname !== "" || ip !== "");
  return { ...(ip === "" ? {} : { ip }), ...(said ? { hostname } : {}) };
}
