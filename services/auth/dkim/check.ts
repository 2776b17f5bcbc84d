// DKIM_CHECK: whether the signatures of a message hold, and whose they are.

import { type ConfigOf, type Context, defineCheck } from "../../../shared/check.ts";
import { after, all, type Soon } from "../../../shared/dns/steps.ts";
import { domainMap, type KeyMap } from "../../../shared/map/live-map.ts";
import type { Header } from "../../../shared/task.ts";
import type { AuthenticationResult } from "../../../shared/verdict.ts";
import { isListed } from "../spf/sending-host.ts";
import { dkimConfig, strictest } from "./config.ts";
import type { DkimFinding, DkimResult, DkimSignature } from "./finding.ts";
import { type KeyTexts, queryKeys } from "./key-record.ts";
import { openMessage, type SignedMessage } from "./message.ts";
import { type Read, readSignature, type Signature } from "./signature.ts";
import { strangerOf } from "./stranger.ts";
import { type Outcome, verifySignature } from "./verify.ts";

const symbols = {
  R_DKIM_ALLOW: {
    score: -0.2,
    about: "A DKIM signature holds: its domain vouches for the message.",
    factor: strictest,
  },
  R_DKIM_REJECT: {
    score: 1,
    about: "A DKIM signature does not hold: the message was changed, or the signature was made up.",
    factor: strictest,
  },
  R_DKIM_TEMPFAIL: { score: 0, about: "The DNS gives no answer that DKIM needs: a later try may tell more." },
  R_DKIM_PERMFAIL: { score: 0, about: "A DKIM signature or its key cannot be used." },
  R_DKIM_NA: { score: 0, about: "The message has no DKIM signature." },
  DKIM_TRACE: { score: 0, about: "Domains of the DKIM signatures, and what came of them: + - ? ~." },
} as const;

type SymbolName = keyof typeof symbols;
type Ctx = Context<SymbolName, never, ConfigOf<typeof dkimConfig>>;

/** Symbol and sign in DKIM_TRACE of each result. */
const shown: Readonly<Record<DkimResult, readonly [symbol: SymbolName, sign: string]>> = {
  pass: ["R_DKIM_ALLOW", "+"],
  fail: ["R_DKIM_REJECT", "-"],
  temperror: ["R_DKIM_TEMPFAIL", "?"],
  permerror: ["R_DKIM_PERMFAIL", "~"],
  policy: ["R_DKIM_PERMFAIL", "~"],
  neutral: ["R_DKIM_PERMFAIL", "~"],
};

export const dkimCheck = defineCheck({
  name: "DKIM_CHECK",
  about: "Checks the DKIM signatures of a message with the keys that their domains publish.",
  stage: "filter",
  group: "policies",
  reads: ["headers", "structure", "raw", "received"],
  cost: "remote",
  config: dkimConfig,
  symbols,
  configured: ({ dkim }) => (dkim.enabled ? {} : null),
  run(task, ctx): DkimFinding | undefined | Promise<DkimFinding> {
    const { config } = ctx;
    const { dkim } = config;
    const host = strangerOf(task, dkim, config);
    if (host === undefined) return undefined;
    if (isListed(host, dkim.whitelist, (problem) => ctx.log.warn({ problem }, "dkim.whitelist"))) return undefined;
    const fields = task.headers.fields.filter(({ key }) => key === "dkim-signature");
    if (fields.length === 0) {
      ctx.hit("R_DKIM_NA");
      return { signatures: [], authentication: [{ method: "dkim", result: "none", properties: [] }] };
    }
    return checkAll(openMessage(task), fields, ctx);
  },
});

function checkAll(message: SignedMessage, fields: readonly Header[], ctx: Ctx): Soon<DkimFinding> {
  const { dkim } = ctx.config;
  const clock = { now: ctx.now, jitter: dkim.time_jitter };
  const limit = dkim.skip_multi ? 1 : dkim.max_sigs;
  const domains = domainMap(dkim.domains);
  for (const problem of domains.takeProblems()) ctx.log.warn({ problem }, "dkim.domains");
  const asked = new Map<string, Soon<KeyTexts>>();
  const work: Soon<DkimSignature>[] = [];
  for (const field of fields.slice(0, limit)) {
    const read = readSignature(field, clock);
    if (dkim.trusted_only && domains.get(read.claim.domain) === undefined) continue;
    if (read.signature !== null) message.announce(read.signature.bodyForm, read.signature.length);
    work.push(checkOne(message, field, read, asked, dkim.dkim_cache_size, ctx));
  }
  const next = fields[limit];
  if (next !== undefined) work.push(uncheckedOf(readSignature(next, clock), limit));
  return after(all(work), (signatures) => conclude(signatures, domains, dkim.strict_multiplier, ctx));
}

function conclude(signatures: readonly DkimSignature[], domains: KeyMap, multiplier: number, ctx: Ctx): DkimFinding {
  for (const { result, domain, selector } of signatures) {
    const [symbol, sign] = shown[result];
    const factor = factorOf(symbol, domains.get(domain), multiplier);
    ctx.hit(symbol, { factor, options: domain === "" ? [] : [`${domain}:s=${selector}`] });
    if (domain !== "") ctx.hit("DKIM_TRACE", { options: [`${domain}:${sign}`] });
  }
  return { signatures, authentication: signatures.map(resultOf) };
}

/** An entry of `domains` may have factors of its own: "2:3" for signatures that hold and for those that do not. */
function factorOf(symbol: SymbolName, entry: string | undefined, multiplier: number): number {
  if (entry === undefined || (symbol !== "R_DKIM_ALLOW" && symbol !== "R_DKIM_REJECT")) return 1;
  const [, allow, reject] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
  const own = symbol === "R_DKIM_ALLOW" ? allow : reject;
  return own === undefined ? multiplier : Math.min(Number(own), strictest);
}

function checkOne(
  message: SignedMessage,
  field: Header,
  { claim, signature, refused }: Read<Signature>,
  asked: Map<string, Soon<KeyTexts>>,
  cacheSize: number,
  { dns }: Ctx,
): Soon<DkimSignature> {
  if (signature === null) return { ...claim, ...unusable, reason: refused };
  const name = `${signature.selector} ${signature.domain}`;
  const keys = asked.get(name) ?? queryKeys(dns, signature.domain, signature.selector);
  asked.set(name, keys);
  return after(keys, (texts) => ({ ...claim, ...verifySignature(message, field, signature, texts, cacheSize) }));
}

const unusable: Omit<Outcome, "reason"> = { result: "permerror", bits: 0, testing: false };

/** Stands for all signatures beyond the limit. */
function uncheckedOf({ claim }: Read<Signature>, limit: number): DkimSignature {
  return { ...claim, ...unusable, result: "policy", reason: `more than ${limit} signatures` };
}

/** RFC 8601, 2.7.1; with several signatures of one domain `header.b` tells which (RFC 6008). */
function resultOf({ result, reason, domain, selector, b }: DkimSignature): AuthenticationResult {
  const properties = [
    ["header.d", domain],
    ["header.s", selector],
    ["header.b", b],
  ] as const;
  return {
    method: "dkim",
    result,
    ...(reason === "" ? {} : { comment: reason }),
    properties: properties.filter(([, value]) => value !== ""),
  };
}
