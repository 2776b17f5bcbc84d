// What a filter before us wrote into the headers.

import { defineCheck } from "../../shared/check.ts";

/** Header, what it must say, symbol. */
const verdicts = [
  ["x-spam-flag", /^(?:yes|true)/i, "SPAM_FLAG"],
  ["x-spam", /^(?:yes|true)/i, "SPAM_FLAG"],
  ["x-spam-status", /^(?:yes|true)/i, "SPAM_FLAG"],
  ["x-forefront-antispam-report", /\bSFV:SPM\b/, "MICROSOFT_SPAM"],
  ["x-klms-antispam-status", /^spam/i, "KLMS_SPAM"],
  ["x-ui-filterresults", /^junk:/i, "UNITEDINTERNET_SPAM"],
  ["x-ui-out-filterresults", /^junk:/i, "UNITEDINTERNET_SPAM"],
  ["precedence", /bulk/i, "PRECEDENCE_BULK"],
] as const;

type Verdict = (typeof verdicts)[number];
const byKey: ReadonlyMap<string, Verdict> = new Map(verdicts.map((verdict) => [verdict[0], verdict]));

export const upstream = defineCheck({
  name: "CHECK_UPSTREAM",
  about: "Reads the verdicts of filters that the message passed before.",
  stage: "filter",
  group: "upstream_spam_filters",
  reads: ["headers"],
  symbols: {
    SPAM_FLAG: { score: 5, about: "A filter before us marked it as spam." },
    MICROSOFT_SPAM: { score: 4, about: "Microsoft marked it as spam." },
    KLMS_SPAM: { score: 5, about: "Kaspersky Security marked it as spam." },
    UNITEDINTERNET_SPAM: { score: 5, about: "United Internet marked it as spam." },
    PRECEDENCE_BULK: { score: 0, about: "The sender says that it is bulk mail." },
  },
  run(task, ctx) {
    for (const { key, value } of task.headers.fields) {
      const verdict = byKey.get(key);
      if (verdict?.[1].test(value)) ctx.hit(verdict[2]);
    }
  },
});
