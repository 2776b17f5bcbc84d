// SPF_CHECK: what SPF says of the envelope sender, and of the HELO name when there is none.

import { type ConfigOf, type Context, defineCheck } from "../../../shared/check.ts";
import { after } from "../../../shared/dns/steps.ts";
import { asciiHost } from "../../../shared/message/domain.ts";
import type { Envelope } from "../../../shared/task.ts";
import type { AuthenticationResult } from "../../../shared/verdict.ts";
import { spfConfig } from "./config.ts";
import { evaluateSpf, type SpfOutcome } from "./evaluate.ts";
import type { SpfFinding, SpfResult } from "./finding.ts";
import { isListed, isOwnMail, type SendingHost, sendingHost } from "./sending-host.ts";
import { rewrittenFrom } from "./srs.ts";

const symbols = {
  R_SPF_ALLOW: { score: -0.2, about: "The domain of the sender lets the client send (SPF)." },
  R_SPF_FAIL: { score: 1, about: "The domain of the sender does not let the client send (SPF)." },
  R_SPF_SOFTFAIL: { score: 0, about: "The domain of the sender thinks that the client should not send (SPF)." },
  R_SPF_NEUTRAL: { score: 0, about: "The domain of the sender does not say whether the client may send (SPF)." },
  R_SPF_DNSFAIL: { score: 0, about: "The DNS gives no answer that SPF needs: a later try may tell more." },
  R_SPF_PERMFAIL: { score: 0, about: "The SPF record of the sender's domain cannot be used." },
  R_SPF_NA: { score: 0, about: "The domain of the sender has no SPF record." },
  R_SPF_PLUSALL: { score: 4, about: "The SPF record of the sender's domain lets everybody send." },
};

const symbolOf: Readonly<Record<SpfResult, keyof typeof symbols>> = {
  pass: "R_SPF_ALLOW",
  fail: "R_SPF_FAIL",
  softfail: "R_SPF_SOFTFAIL",
  neutral: "R_SPF_NEUTRAL",
  temperror: "R_SPF_DNSFAIL",
  permerror: "R_SPF_PERMFAIL",
  none: "R_SPF_NA",
};

/** Who is checked: the sender, or the HELO name in its place. */
interface Identity {
  readonly identity: SpfFinding["identity"];
  readonly sender: string;
  readonly domain: string;
}

/** RFC 7208, 2.4: a null sender, and one that nobody told us, is the postmaster of the client. */
function identityOf({ from = "" }: Envelope, { helo }: SendingHost): Identity {
  if (from === "") return { identity: "helo", sender: `postmaster@${helo}`, domain: asciiHost(helo) };
  return { identity: "mailfrom", sender: from, domain: asciiHost(from.slice(from.lastIndexOf("@") + 1)) };
}

/** RFC 8601, 2.7.2 */
function resultFor(
  { identity, sender, domain }: Identity,
  { helo, ip }: SendingHost,
  outcome: SpfOutcome,
): AuthenticationResult {
  const { result } = outcome;
  const properties: AuthenticationResult["properties"] =
    identity === "mailfrom" ? [["smtp.mailfrom", sender]] : helo === "" ? [] : [["smtp.helo", helo]];
  return { method: "spf", result, comment: commentOn(domain, ip, outcome), properties };
}

function commentOn(domain: string, ip: string, { result, mechanism, reason }: SpfOutcome): string {
  if (mechanism === "") return reason;
  switch (result) {
    case "pass":
      return `${domain} lets ${ip} send: ${mechanism}`;
    case "fail":
      return `${domain} does not let ${ip} send: ${mechanism}`;
    case "softfail":
      return `${domain} doubts that ${ip} may send: ${mechanism}`;
    default:
      return `${domain} does not say whether ${ip} may send: ${mechanism}`;
  }
}

type Ctx = Context<keyof typeof symbols, never, unknown>;

function raise(ctx: Ctx, outcome: SpfOutcome, original: string | undefined) {
  const { result, mechanism, reason, open } = outcome;
  const options = [mechanism || reason];
  if (open !== "" && open !== mechanism) options.push(open);
  if (original !== undefined) options.push(`srs=${original}`);
  ctx.hit(open === "" ? symbolOf[result] : "R_SPF_PLUSALL", { options });
}

function limitsOf({ spf }: ConfigOf<typeof spfConfig>) {
  return {
    nesting: spf.max_dns_nesting,
    queries: spf.max_dns_requests,
    names: spf.max_dns_expansions,
    voids: spf.max_void_lookups,
  };
}

export const spfCheck = defineCheck({
  name: "SPF_CHECK",
  about: "Asks the domain of the envelope sender which hosts may send for it (SPF).",
  stage: "filter",
  group: "policies",
  reads: ["received"],
  cost: "remote",
  config: spfConfig,
  symbols,
  configured: ({ spf }) => (spf.enabled ? {} : null),
  run(task, ctx) {
    const { config } = ctx;
    const { spf, options } = config;
    const host = sendingHost(task.envelope, task.received, spf.external_relay);
    if (host === undefined || isOwnMail(host, spf, options.local_addrs)) return undefined;
    if (isListed(host, spf.whitelist, (problem) => ctx.log.warn({ problem }, "spf.whitelist"))) return undefined;
    const who = identityOf(task.envelope, host);
    const question = { ip: host.ip, helo: host.helo, sender: who.sender, domain: who.domain };
    const evaluated = evaluateSpf(ctx.dns, question, { limits: limitsOf(config) });
    return after(evaluated, (outcome) => conclude(ctx, who, host, outcome));
  },
});

function conclude(ctx: Ctx, who: Identity, host: SendingHost, outcome: SpfOutcome): SpfFinding {
  const { result, mechanism, reason } = outcome;
  const original = who.identity === "mailfrom" ? rewrittenFrom(who.sender) : undefined;
  raise(ctx, outcome, original);
  const authentication = [resultFor(who, host, outcome)];
  const finding = { result, ...who, mechanism, reason, authentication };
  return original === undefined ? finding : { ...finding, rewrittenFrom: original };
}
