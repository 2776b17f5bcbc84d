// RDNS_CHECK: whether the client has a reverse name at all. Mail servers only say whether they could verify one.

import { defineCheck } from "../../../shared/check.ts";
import { after } from "../../../shared/dns/steps.ts";
import { readClient, reverseName } from "../spf/client.ts";
import { spfConfig } from "../spf/config.ts";
import { isOwnMail } from "../spf/sending-host.ts";

export const rdns = defineCheck({
  name: "RDNS_CHECK",
  about: "Asks for the reverse name of a client for which the mail server verified none.",
  stage: "filter",
  group: "hfilter",
  reads: [],
  cost: "remote",
  config: spfConfig,
  symbols: {
    RDNS_NONE: { score: 2, about: "The address of the client has no reverse name." },
    RDNS_DNSFAIL: { score: 0, about: "The DNS does not say whether the client has a reverse name." },
  },
  run({ envelope }, ctx) {
    // Where nobody looked, the mail may be old, and the client long gone.
    if (envelope.hostname !== "") return undefined;
    const client = readClient(envelope.ip ?? "");
    if (client === null) return undefined;
    const host = { ip: client.text, helo: "", authenticated: (envelope.user ?? "") !== "" };
    if (isOwnMail(host, { check_local: false, check_authed: false }, ctx.config.options.local_addrs)) return undefined;
    return after(ctx.dns.query(reverseName(client), "PTR"), (answer) => {
      if (answer.status === "failed") ctx.hit("RDNS_DNSFAIL", { options: [answer.reason] });
      else if (answer.status !== "found") ctx.hit("RDNS_NONE", { options: [client.text] });
    });
  },
});
