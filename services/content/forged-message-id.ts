// Message-IDs that tell of a provider, in mail that is not the provider's; and what Google writes for those that were
// missing or broken when it took the mail.

import { defineCheck } from "../../shared/check.ts";

const yahoo = /(?:^|\.)(?:yahoo(?:\.com?)?(?:\.[a-z]{2})?|ymail\.com|rocketmail\.com)$/;

export const forgedMessageId = defineCheck({
  name: "CHECK_FORGED_MSGID",
  about: "Looks for the Message-IDs of providers in mail of others.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    FORGED_MSGID_YAHOO: { score: 2, about: "The Message-ID is of yahoo.com, and the author is not." },
    GOOGLE_FORWARDING_MID_MISSING: { score: 2.5, about: "Google forwarded it, and it came without a Message-ID." },
    GOOGLE_FORWARDING_MID_BROKEN: { score: 1.7, about: "Google forwarded it, and it came with a broken Message-ID." },
  },
  run(task, ctx) {
    const { headers } = task;
    const id = headers.messageId?.toLowerCase() ?? "";
    // Yahoo's own are of hosts below mail.yahoo.com.
    if (id.endsWith("@yahoo.com") && !headers.from.some(({ host }) => yahoo.test(host))) ctx.hit("FORGED_MSGID_YAHOO");
    if (id.includes("smtpin_added_missing")) ctx.hit("GOOGLE_FORWARDING_MID_MISSING");
    else if (id.includes("smtpin_added_broken")) ctx.hit("GOOGLE_FORWARDING_MID_BROKEN");
  },
});
