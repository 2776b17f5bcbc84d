// ARC_CHECK: whether the chain of those who forwarded a message holds, and what one of them that we trust saw.

import { type ConfigOf, type Context, defineCheck } from "../../../shared/check.ts";
import { domainMap } from "../../../shared/map/live-map.ts";
import type { Headers } from "../../../shared/task.ts";
import type { AuthenticationResult } from "../../../shared/verdict.ts";
import { openMessage, type SignedMessage } from "../dkim/message.ts";
import { strangerOf } from "../dkim/stranger.ts";
import { type Chain, validateChain } from "./chain.ts";
import { arcConfig } from "./config.ts";
import type { ArcFinding, ArcSealer } from "./finding.ts";
import { type ArcSet, isArcField } from "./sets.ts";
import { trustedWord } from "./trust.ts";

const symbols = {
  ARC_ALLOW: { score: -1, about: "The chain of forwarders holds (ARC)." },
  ARC_REJECT: { score: 1, about: "The chain of forwarders does not hold (ARC)." },
  ARC_INVALID: { score: 0.5, about: "The ARC headers make no chain." },
  ARC_DNSFAIL: { score: 0, about: "The DNS gives no answer that ARC needs: a later try may tell more." },
  ARC_NA: { score: 0, about: "The message has no ARC headers." },
} as const;

type Ctx = Context<keyof typeof symbols, never, ConfigOf<typeof arcConfig>>;

export const arcCheck = defineCheck({
  name: "ARC_CHECK",
  about: "Validates the chain of those who forwarded a message (ARC), and asks the trusted ones what they saw.",
  stage: "filter",
  group: "policies",
  reads: ["headers", "structure", "raw", "received"],
  cost: "remote",
  config: arcConfig,
  symbols,
  configured: ({ arc }) => (arc.enabled ? {} : null),
  run(task, ctx): ArcFinding | undefined | Promise<ArcFinding> {
    if (strangerOf(task, ctx.config.arc, ctx.config) === undefined) return undefined;
    if (!task.headers.fields.some(isArcField)) {
      ctx.hit("ARC_NA");
      return { result: "none", reason: "", sealers: [], dmarc: "" };
    }
    return validate(openMessage(task), task.headers, ctx);
  },
});

async function validate(message: SignedMessage, headers: Headers, ctx: Ctx): Promise<ArcFinding> {
  const { arc } = ctx.config;
  const lookup = {
    dns: ctx.dns,
    clock: { now: ctx.now, jitter: arc.time_jitter },
    cacheSize: arc.arc_cache_size,
  };
  const chain = await validateChain(message, lookup);
  const sealers = chain.sets.map(sealerOf).reverse();
  raise(chain, sealers, ctx);
  const signers = domainMap(arc.whitelisted_signers_map);
  for (const problem of signers.takeProblems()) ctx.log.warn({ problem }, "arc.whitelisted_signers_map");
  const [author, another] = headers.from;
  const host = author === undefined || another !== undefined ? "" : author.host;
  const word = signers.empty
    ? undefined
    : await trustedWord(message, chain, host, (domain) => signers.get(domain) !== undefined, lookup);
  return {
    result: chain.result,
    reason: chain.reason,
    sealers,
    dmarc: word !== undefined && arc.adjust_dmarc ? word.dmarc : "",
    ...(word === undefined ? {} : { trusted: sealerOf(word.set) }),
    authentication: [resultOf(chain, sealers)],
  };
}

function sealerOf({ instance, sealSignature }: ArcSet): ArcSealer {
  const { domain, selector } = sealSignature.claim;
  return { instance, domain, selector };
}

function optionOf({ instance, domain, selector }: ArcSealer): string {
  return `${domain}:s=${selector}:i=${instance}`;
}

function raise({ result, invalid, reason }: Chain, sealers: readonly ArcSealer[], ctx: Ctx): void {
  const [newest] = sealers;
  const options = newest === undefined ? [] : [optionOf(newest)];
  if (result === "pass") ctx.hit("ARC_ALLOW", { options });
  else if (result === "temperror") ctx.hit("ARC_DNSFAIL", { options: [...options, reason] });
  else if (invalid) ctx.hit("ARC_INVALID", { options: [...options, reason] });
  else ctx.hit("ARC_REJECT", { options: [...options, reason] });
}

/** RFC 8617, 10.1 */
function resultOf({ result, reason }: Chain, [newest]: readonly ArcSealer[]): AuthenticationResult {
  const comment = reason === "" && newest !== undefined ? optionOf(newest) : reason;
  return { method: "arc", result, ...(comment === "" ? {} : { comment }), properties: [] };
}
