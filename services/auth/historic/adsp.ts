// Author Domain Signing Practices (RFC 5617, historic since 2013): what the author's domain says of mail that it did not
// sign. DMARC has taken its place; some domains still publish it.

import { defineCheck } from "../../../shared/check.ts";
import { flag, section } from "../../../shared/config/schema.ts";
import type { Dns } from "../../../shared/dns/dns.ts";
import { isHostName } from "../../../shared/message/domain.ts";
import type { Headers } from "../../../shared/task.ts";
import type { DkimFinding } from "../dkim/finding.ts";

const adspConfig = {
  adsp: section("What author domains say of unsigned mail (RFC 5617), for sites that keep an eye on it.", {
    enabled: flag(false, "Ask for the practices of author domains."),
  }),
};

declare module "../../../shared/check.ts" {
  interface Findings {
    ADSP_CHECK: Finding;
  }
}

/** What became of it for one domain, in the words of RFC 7001, 2.6.2. */
type AdspResult = "none" | "pass" | "unknown" | "fail" | "discard" | "nxdomain" | "temperror";

const symbols = {
  DKIM_ADSP_ALL: { score: 0.8, about: "The author's domain signs all of its mail, but did not sign this (ADSP)." },
  DKIM_ADSP_DISCARD: {
    score: 1.8,
    about: "Unsigned mail of the author's domain may be thrown away, as it says (ADSP).",
  },
  DKIM_ADSP_NXDOMAIN: { score: 0.8, about: "The author's domain does not exist (ADSP)." },
  DKIM_ADSP_DNSFAIL: { score: 0, about: "The DNS gives no answer that ADSP needs." },
};

const symbolOf: Partial<Readonly<Record<AdspResult, keyof typeof symbols>>> = {
  fail: "DKIM_ADSP_ALL",
  discard: "DKIM_ADSP_DISCARD",
  nxdomain: "DKIM_ADSP_NXDOMAIN",
  temperror: "DKIM_ADSP_DNSFAIL",
};

/** Domains of From that are looked at. */
const mostDomains = 5;

function authorDomains({ from }: Headers): readonly string[] {
  const domains = from.map(({ host }) => host).filter((host) => isHostName(host) && host.includes("."));
  return [...new Set(domains)].slice(0, mostDomains);
}

/** RFC 5617, 4.3, for a domain whose signature is not there or does not pass. */
export async function practiceOf(domain: string, dns: Dns): Promise<AdspResult> {
  // A domain that does not exist has no practices, whatever a wildcard above it says.
  const exists = await dns.query(domain, "MX");
  if (exists.status === "failed") return "temperror";
  if (exists.status === "no-name") return "nxdomain";
  const answer = await dns.query(`_adsp._domainkey.${domain}`, "TXT");
  if (answer.status === "failed") return "temperror";
  const [record, ...others] = answer.status === "found" ? answer.records : [];
  // RFC 5617, 4.2.1: the tag stands first; what has another one, or a record beside it, says nothing.
  const [, practice = ""] = /^dkim[ \t]*=[ \t]*([a-z0-9-]+)[ \t]*(?:;|$)/i.exec(record?.slice(0, 512) ?? "") ?? [];
  if (record === undefined) return "none";
  if (others.length > 0) return "unknown";
  if (practice.toLowerCase() === "discardable") return "discard";
  return practice.toLowerCase() === "all" ? "fail" : "unknown";
}

/** An Author Domain Signature (RFC 5617, 2.7) is one of the very domain of the author. */
async function resultFor(domain: string, { signatures }: DkimFinding, dns: Dns): Promise<AdspResult> {
  const own = signatures.filter((signature) => signature.domain === domain);
  if (own.some(({ result }) => result === "pass")) return "pass";
  if (own.some(({ result }) => result === "temperror")) return "temperror";
  return practiceOf(domain, dns);
}

export const adsp = defineCheck({
  name: "ADSP_CHECK",
  about: "Asks the author's domain whether it signs all of its mail (ADSP).",
  stage: "filter",
  group: "policies",
  reads: ["headers"],
  needs: ["DKIM_CHECK"],
  cost: "remote",
  config: adspConfig,
  symbols,
  configured: ({ adsp }) => (adsp.enabled ? {} : null),
  async run(task, ctx) {
    const dkim = ctx.finding("DKIM_CHECK");
    // Our own mail, which is not checked; or nobody knows whether it is signed.
    if (dkim === undefined) return undefined;
    const domains = authorDomains(task.headers);
    const results = await Promise.all(domains.map((domain) => resultFor(domain, dkim, ctx.dns)));
    const authentication = results.map((result, index) => {
      const domain = domains[index] ?? "";
      const symbol = symbolOf[result];
      if (symbol !== undefined) ctx.hit(symbol, { options: [domain] });
      return { method: "dkim-adsp", result, properties: [["header.from", domain]] as const };
    });
    return { authentication };
  },
});
