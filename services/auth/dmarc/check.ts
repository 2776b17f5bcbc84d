// Whether the author domain vouches for a message, and what it asks for when it does not (RFC 7489, RFC 9989).

import { type ConfigOf, type Context, defineCheck, type HitDetail, type TaskView } from "../../../shared/check.ts";
import { type DmarcConfig, dmarcConfig } from "../../../shared/dmarc/config.ts";
import { organisationOf } from "../../../shared/dmarc/organisation.ts";
import { finish, type Steps } from "../../../shared/dns/steps.ts";
import { domainMap } from "../../../shared/map/live-map.ts";
import type { Envelope } from "../../../shared/task.ts";
import { type AuthenticationResult, actions } from "../../../shared/verdict.ts";
import { spfConfig } from "../spf/config.ts";
import { isOwnMail, type SendingHost, sendingHost } from "../spf/sending-host.ts";
import { align } from "./align.ts";
import { authorOf } from "./author.ts";
import { type Discovered, discover, discoverByWalk } from "./discover.ts";
import type { DmarcFinding } from "./finding.ts";
import { type Judgement, judge } from "./judge.ts";
import type { Policy } from "./record.ts";
import { reportOf } from "./report.ts";

const symbols = {
  DMARC_POLICY_ALLOW: { score: -0.5, about: "The author domain vouches for the message (DMARC)." },
  DMARC_POLICY_REJECT: {
    score: 2,
    about: "The author domain does not vouch for the message and asks to reject it.",
    decides: true,
  },
  DMARC_POLICY_QUARANTINE: {
    score: 1.5,
    about: "The author domain does not vouch for the message and asks for quarantine.",
    decides: true,
  },
  DMARC_POLICY_SOFTFAIL: {
    score: 0.1,
    about: "The author domain does not vouch for the message and asks for nothing.",
    decides: true,
  },
  DMARC_NA: { score: 0, about: "There is no author domain, or it has no DMARC policy.", decides: true },
  DMARC_BAD_POLICY: { score: 0, about: "The DMARC record of the author domain cannot be read.", decides: true },
  DMARC_DNSFAIL: { score: 0, about: "The DNS did not answer, so nothing is known of DMARC.", decides: true },
} as const;

type Symbols = keyof typeof symbols;
const config = { ...dmarcConfig, ...spfConfig };
type Task = TaskView<"headers" | "structure" | "received">;
type Ctx = Context<Symbols, "SPF_CHECK" | "DKIM_CHECK" | "ARC_CHECK", ConfigOf<typeof config>>;

const failed: Readonly<Record<Policy, { readonly symbol: Symbols; readonly key: keyof DmarcConfig["actions"] }>> = {
  reject: { symbol: "DMARC_POLICY_REJECT", key: "reject" },
  quarantine: { symbol: "DMARC_POLICY_QUARANTINE", key: "quarantine" },
  none: { symbol: "DMARC_POLICY_SOFTFAIL", key: "softfail" },
};

export const dmarc = defineCheck({
  name: "DMARC_CHECK",
  about: "Looks up the author domain's DMARC policy, and whether SPF or DKIM vouch for it.",
  stage: "filter",
  group: "policies",
  reads: ["headers", "structure", "received"],
  needs: ["SPF_CHECK", "DKIM_CHECK", "ARC_CHECK"],
  cost: "remote",
  // Which host it came from is for SPF to say, and so is which networks are ours.
  config,
  symbols,
  configured: ({ dmarc }) => (dmarc.enabled ? {} : null),
  run: (task, ctx) => finish(check(task, ctx)),
});

function* check(task: Task, ctx: Ctx): Steps<DmarcFinding | undefined> {
  const { envelope, headers, structure } = task;
  const config = ctx.config.dmarc;
  const host = sendingHost(envelope, task.received, ctx.config.spf.external_relay) ?? unknownHost(envelope);
  // It has not been signed yet, so it may well fail the policy of our own domain.
  if (isOwnMail(host, config, ctx.config.options.local_addrs)) return undefined;
  const author = authorOf(headers);
  if ("reason" in author) return without("none", "", author.reason, "DMARC_NA", "na", ctx);
  const { domain } = author;

  const discovered = yield* (config.tree_walk ? discoverByWalk : discover)(domain, ctx.dns);
  if (discovered.status === "none") return without("none", domain, domain, "DMARC_NA", "na", ctx);
  if (discovered.status !== "found") {
    const reason = `${discovered.domain} : ${discovered.reason}`;
    if (discovered.status === "bad") return without("permerror", domain, reason, "DMARC_BAD_POLICY", "badpolicy", ctx);
    return without("temperror", domain, reason, "DMARC_DNSFAIL", "dnsfail", ctx);
  }

  const spf = ctx.finding("SPF_CHECK");
  const dkim = ctx.finding("DKIM_CHECK");
  const alignment = yield* align(domain, discovered, spf, dkim);
  const { policy, policyDomain } = discovered;
  const known = { domain, policyDomain, policy, spfAligned: alignment.spf, dkimAligned: alignment.dkim };
  // A mechanism that was not looked at might have passed: nothing can be said.
  const missing = spf === undefined ? "SPF" : dkim === undefined ? "DKIM" : undefined;
  if (missing !== undefined && !alignment.spf && !alignment.dkim) {
    return { ...known, result: "none", reason: `${missing} was not checked` };
  }
  const exempt = discovered.record.percent < 100 && isExempt(policyDomain, ctx);
  const judgement = judge(discovered, alignment, ctx.finding("ARC_CHECK"), { digest: structure.digest, exempt });
  raise(discovered, judgement, domain, ctx);
  const report = reportOf(
    config,
    {
      ip: host.ip,
      envelope,
      now: ctx.now,
      author: domain,
      discovered,
      alignment,
      judgement,
      spf,
      dkim,
    },
    ctx,
  );
  return {
    ...known,
    result: judgement.result,
    reason: judgement.reason,
    authentication: [resultOf(discovered, judgement, domain)],
    ...(report === undefined ? {} : { report }),
  };
}

function unknownHost({ user = "" }: Envelope): SendingHost {
  return { ip: "", helo: "", authenticated: user !== "" };
}

/** Ends a check that found no policy. */
function without(
  result: "none" | "temperror" | "permerror",
  domain: string,
  reason: string,
  symbol: Symbols,
  key: keyof DmarcConfig["actions"],
  ctx: Ctx,
): DmarcFinding {
  ctx.hit(symbol, withResult([reason], key, domain, ctx.config.dmarc));
  const from = domain === "" ? [] : [["header.from", domain] as const];
  const authentication: AuthenticationResult = {
    method: "dmarc",
    result,
    ...(result === "none" ? {} : { reason }),
    properties: from,
  };
  return {
    result,
    domain,
    policyDomain: "",
    policy: "",
    spfAligned: false,
    dkimAligned: false,
    reason,
    authentication: [authentication],
  };
}

function raise({ policyDomain, policy }: Discovered, judgement: Judgement, author: string, ctx: Ctx): void {
  const { result, disposition, reason, notes } = judgement;
  const config = ctx.config.dmarc;
  if (result === "pass") {
    ctx.hit("DMARC_POLICY_ALLOW", { options: [policyDomain, policy, ...notes] });
    return;
  }
  const options = [`${policyDomain} : ${reason}`, policy, ...notes];
  if (result === "temperror") ctx.hit("DMARC_DNSFAIL", withResult(options, "dnsfail", author, config));
  else ctx.hit(failed[disposition].symbol, withResult(options, failed[disposition].key, author, config));
}

function withResult(
  options: readonly string[],
  key: keyof DmarcConfig["actions"],
  author: string,
  config: DmarcConfig,
): HitDetail {
  const configured = config.actions[key];
  if (configured === null) return { options };
  const spaced = configured.replaceAll("_", " ");
  const action = (actions as readonly string[]).includes(spaced) ? spaced : configured;
  // RFC 9989, 7.2 has the word in the answer, for programs of senders to see.
  const message = action === "reject" && author !== "" ? `Email rejected per DMARC policy for ${author}` : undefined;
  return { options, result: { action, least: true, ...(message === undefined ? {} : { message }) } };
}

/** For Authentication-Results (RFC 7489, 11.1 to 11.3). */
function resultOf({ policy }: Discovered, { result, reason }: Judgement, author: string): AuthenticationResult {
  const told = result === "pass" && reason !== "" ? `policy=${policy}, ${reason}` : `policy=${policy}`;
  return {
    method: "dmarc",
    result,
    comment: told,
    ...(result === "pass" ? {} : { reason }),
    properties: [["header.from", author]],
  };
}

/** Whether the policy is for all mail of the domain, whatever its pct says. */
function isExempt(domain: string, ctx: Ctx): boolean {
  const map = domainMap(ctx.config.dmarc.no_sampling_domains);
  const exempt = map.get(domain) !== undefined || map.get(organisationOf(domain)) !== undefined;
  for (const problem of map.takeProblems()) ctx.log.warn({ problem }, "dmarc.no_sampling_domains");
  return exempt;
}
