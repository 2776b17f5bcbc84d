// The SMTP client as it names itself and as its reverse name names it. What needs a look into the DNS is not here.

import { domainToASCII } from "node:url";
import { type Context, defineCheck } from "../../shared/check.ts";
import { isHostName } from "../../shared/message/domain.ts";
import { lineWeight } from "../../shared/message/generic-host.ts";
import { canonicalIp } from "../../shared/message/ip.ts";
import { isPrivateAddress } from "../../shared/message/private-address.ts";
import type { Envelope } from "../../shared/task.ts";

const symbols = {
  HFILTER_HELO_1: { score: 0.5, about: "The HELO looks a little like the name of a customer's line." },
  HFILTER_HELO_2: { score: 1, about: "The HELO looks somewhat like the name of a customer's line." },
  HFILTER_HELO_3: { score: 2, about: "The HELO looks like the name of a customer's line." },
  HFILTER_HELO_4: { score: 2.5, about: "The HELO looks much like the name of a customer's line." },
  HFILTER_HELO_5: { score: 3, about: "The HELO is the name of a dialled line." },
  HFILTER_HOSTNAME_1: { score: 0.5, about: "The reverse name looks a little like that of a customer's line." },
  HFILTER_HOSTNAME_2: { score: 1, about: "The reverse name looks somewhat like that of a customer's line." },
  HFILTER_HOSTNAME_3: { score: 2, about: "The reverse name looks like that of a customer's line." },
  HFILTER_HOSTNAME_4: { score: 2.5, about: "The reverse name looks much like that of a customer's line." },
  HFILTER_HOSTNAME_5: { score: 3, about: "The reverse name is that of a dialled line." },
  HFILTER_HELO_BADIP: { score: 4.5, about: "The HELO is an address of a private network." },
  HFILTER_HELO_BAREIP: { score: 3, about: "The HELO is an address without brackets." },
  HFILTER_HELO_NOT_FQDN: { score: 2, about: "The HELO is no full host name." },
  HFILTER_HOSTNAME_UNKNOWN: { score: 2.5, about: "The mail server says that the client has no verified name." },
  HFILTER_FROMHOST_NOT_FQDN: { score: 3, about: "The host of the envelope sender is no full host name." },
  HFILTER_FROM_BOUNCE: { score: 0, about: "The envelope sender is empty, as for a bounce." },
  HFILTER_RCPT_BOUNCEMOREONE: { score: 1.5, about: "The envelope sender is empty, and there are several recipients." },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

const heloSymbols = ["HFILTER_HELO_1", "HFILTER_HELO_2", "HFILTER_HELO_3", "HFILTER_HELO_4", "HFILTER_HELO_5"] as const;
const hostnameSymbols = [
  "HFILTER_HOSTNAME_1",
  "HFILTER_HOSTNAME_2",
  "HFILTER_HOSTNAME_3",
  "HFILTER_HOSTNAME_4",
  "HFILTER_HOSTNAME_5",
] as const;

/** What a HELO is worth when it is wrong in itself. RFC 5321, 4.1.3 puts addresses in brackets. */
function checkHelo(helo: string, ctx: Ctx): boolean {
  if (isPrivateAddress(helo)) ctx.hit("HFILTER_HELO_BADIP", { options: [helo] });
  else if (helo.startsWith("[")) return true;
  else if (canonicalIp(helo) !== "") ctx.hit("HFILTER_HELO_BAREIP", { options: [helo] });
  else if (!isFullName(helo)) ctx.hit("HFILTER_HELO_NOT_FQDN", { options: [helo.slice(0, 64)] });
  else return true;
  return false;
}

function isFullName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, "");
  return name.includes(".") && isHostName(name);
}

/** Whether there is a name to look at. A mail server does not say whether an address has none, or one that leads elsewhere. */
function checkHostname(hostname: string, ctx: Ctx): boolean {
  if (hostname !== "") return true;
  ctx.hit("HFILTER_HOSTNAME_UNKNOWN");
  return false;
}

function checkSender({ from, rcpts }: Envelope, ctx: Ctx): void {
  if (from === undefined) return;
  if (from === "") {
    ctx.hit("HFILTER_FROM_BOUNCE");
    // RFC 5321, 4.5.5: a notice goes to the one whose mail it is about.
    if (rcpts.length > 1) ctx.hit("HFILTER_RCPT_BOUNCEMOREONE", { options: [String(rcpts.length)] });
    return;
  }
  const host = from.slice(from.lastIndexOf("@") + 1);
  // RFC 6531, 3.3: a sender may be written in any script. A client's name may not (RFC 6531, 3.7.1).
  if (!host.startsWith("[") && !isFullName(/^[\0-\x7f]*$/.test(host) ? host : domainToASCII(host)))
    ctx.hit("HFILTER_FROMHOST_NOT_FQDN", { options: [host.slice(0, 64)] });
}

export const hfilter = defineCheck({
  name: "HFILTER_CHECK",
  about: "Looks at the names of the SMTP client and at the envelope sender.",
  stage: "filter",
  group: "hfilter",
  reads: [],
  symbols,
  run(task, ctx) {
    const { envelope } = task;
    const { helo, hostname, ip, user } = envelope;
    // People at home and machines in the house have such names, and may.
    if (user !== undefined || (ip !== undefined && isPrivateAddress(ip))) return;
    checkSender(envelope, ctx);
    const heloWeight = helo !== undefined && helo !== "" && checkHelo(helo, ctx) ? lineWeight(helo) : 0;
    const hostnameWeight = hostname !== undefined && checkHostname(hostname, ctx) ? lineWeight(hostname) : 0;
    // One and the same line mostly names itself twice: the worse of both counts.
    const symbol = heloWeight > hostnameWeight ? heloSymbols[heloWeight - 1] : hostnameSymbols[hostnameWeight - 1];
    if (symbol !== undefined) ctx.hit(symbol);
  },
});
