// SRS_CHECK: mail that we pass on for strangers gets a sender of our own, so that it passes SPF and bounces come to us.

import { defineCheck } from "../../../shared/check.ts";
import { domainMap } from "../../../shared/map/live-map.ts";
import { asciiHost } from "../../../shared/message/domain.ts";
import { type SrsConfig, srsConfig } from "../../../shared/srs/config.ts";
import { rewriteSender } from "../../../shared/srs/sender.ts";

declare module "../../../shared/check.ts" {
  interface Findings {
    SRS_CHECK: Finding;
  }
}

export const srsCheck = defineCheck({
  name: "SRS_CHECK",
  about: "Rewrites the sender of mail that is passed on (SRS).",
  stage: "post",
  group: "policies",
  reads: ["standing"],
  config: srsConfig,
  symbols: {
    SRS_REWRITTEN: { score: 0, about: "The mail is passed on, and its sender was rewritten (SRS)." },
    SRS_KEPT: { score: 0, about: "The mail is passed on, and its sender could not be rewritten (SRS)." },
  },
  configured: ({ srs }) => (srs.enabled && srs.domain !== "" && srs.secret.length > 0 ? {} : null),
  run({ envelope: { from: sender = "", rcpts, user = "" } }, ctx) {
    const { srs } = ctx.config;
    // Who has logged in sends in his own name; the null sender has none.
    if (sender === "" || user !== "") return undefined;
    const isOurs = ourDomains(srs);
    for (const problem of domainMap(srs.local_domains).takeProblems()) ctx.log.warn({ problem }, "srs.local_domains");
    if (isOurs(sender) || rcpts.every(isOurs)) return undefined;
    const changeFrom = rewriteSender(sender, srs, ctx.now);
    const domain = hostOf(sender);
    if (changeFrom instanceof Error) {
      ctx.hit("SRS_KEPT", { options: [domain, changeFrom.message] });
      return undefined;
    }
    ctx.hit("SRS_REWRITTEN", { options: [domain] });
    return { changes: { changeFrom } };
  },
});

function ourDomains({ domain, local_domains }: SrsConfig): (address: string) => boolean {
  const map = domainMap(local_domains);
  return (address) => {
    const host = hostOf(address);
    // A name without a domain is one of this machine.
    return host === "" || host === domain || map.get(host) !== undefined;
  };
}

function hostOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at === -1 ? "" : asciiHost(address.slice(at + 1).replace(/>$/, ""));
}
