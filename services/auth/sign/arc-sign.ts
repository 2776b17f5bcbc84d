// ARC_SIGN: notes what we have found of a message, and seals it, for those to whom it is passed on (RFC 8617, 5.1).

import { type ConfigOf, type Context, defineCheck, type Finding } from "../../../shared/check.ts";
import { toFault } from "../../../shared/fault.ts";
import type { Facts } from "../../../shared/task.ts";
import type { AddedHeader } from "../../../shared/verdict.ts";
import { arcConfig } from "../arc/config.ts";
import type { ArcFinding } from "../arc/finding.ts";
import { type NewSet, sealMessage } from "../arc/seal.ts";
import { type ChainStatus, isArcField } from "../arc/sets.ts";
import { formsOf, mayHaveKeys } from "./config.ts";
import type { DomainKey } from "./find-keys.ts";
import { openOutgoing } from "./going-out.ts";
import { keyTypeOf } from "./published.ts";
import { signedNamesOf } from "./signed-field.ts";
import { type UsableKeys, usableKeys } from "./usable-keys.ts";

declare module "../../../shared/check.ts" {
  interface Findings {
    ARC_SIGN: Finding;
  }
}

const symbols = {
  ARC_SIGNED: { score: 0, about: "We have sealed the message for those to whom it is passed on (ARC)." },
  ARC_UNSIGNED: { score: 0, about: "The message is ours to seal, but could not be." },
} as const;

type Task = Pick<Facts, "raw" | "headers" | "structure" | "outgoing">;
type Ctx = Context<keyof typeof symbols, "ARC_CHECK", ConfigOf<typeof arcConfig>>;

export const arcSign = defineCheck({
  name: "ARC_SIGN",
  about: "Seals mail with what was found of it, for those to whom it is passed on (ARC).",
  stage: "sign",
  group: "policies",
  reads: ["headers", "structure", "raw", "outgoing"],
  needs: ["ARC_CHECK"],
  config: arcConfig,
  symbols,
  configured({ arc }) {
    if (!arc.enabled || !mayHaveKeys(arc)) return null;
    if (arc.symbol_sign === "ARC_SIGNED") return {};
    return { [arc.symbol_sign]: { ...symbols.ARC_SIGNED, key: "arc.symbol_sign" } };
  },
  run(task, ctx): Finding | undefined | Promise<Finding | undefined> {
    const usable = usableKeys(task, ctx.config.arc, ctx.config.options.local_addrs, ctx);
    return usable instanceof Promise ? usable.then((keys) => seal(task, keys, ctx)) : seal(task, usable, ctx);
  },
});

function seal(task: Task, usable: UsableKeys | undefined, ctx: Ctx): Finding | undefined {
  if (usable === undefined) return undefined;
  const missing = [...usable.missing];
  const key = chosen(usable.keys);
  const set = key === undefined ? null : setWith(task, key, ctx, missing);
  if (missing.length > 0) ctx.hit("ARC_UNSIGNED", { options: missing });
  if (key === undefined || set === null) return undefined;
  const { symbol_sign } = ctx.config.arc;
  const detail = { options: [`${key.domain}:s=${key.selector}:i=${set.instance}`] };
  if (symbol_sign === "ARC_SIGNED") ctx.hit("ARC_SIGNED", detail);
  else ctx.hitConfigured(symbol_sign, detail);
  return { changes: { addHeaders: headersOf(set) } };
}

/** There is one seal: with the kind of key that everybody reads. */
function chosen(keys: readonly DomainKey[]): DomainKey | undefined {
  return keys.find(({ key }) => keyTypeOf(key) === "rsa") ?? keys[0];
}

function setWith(task: Task, key: DomainKey, ctx: Ctx, missing: string[]): NewSet | null {
  const status = statusOf(task, ctx.finding("ARC_CHECK"));
  if (status === null) {
    missing.push("the chain so far was not checked");
    return null;
  }
  const { sign_headers, canonicalization } = ctx.config.arc;
  const message = openOutgoing(task);
  const names = signedNamesOf(sign_headers, message.fields);
  const results = task.outgoing.authentication;
  try {
    const set = sealMessage(message, { ...key, ...formsOf(canonicalization), names, time: ctx.now, results, status });
    if (set === null) missing.push("the chain so far cannot go on");
    return set;
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code !== "bad-input") throw thrown;
    ctx.log.warn({ reason: fault.message, domain: key.domain, selector: key.selector }, "mail is not sealed");
    missing.push(`${key.domain}: ${fault.message}`);
    return null;
  }
}

/** What cv= has to say; null when nobody knows: a chain is not vouched for unseen, nor broken for want of a name server. */
function statusOf({ headers }: Task, found: ArcFinding | undefined): ChainStatus | null {
  if (found !== undefined) return found.result === "temperror" ? null : found.result;
  return headers.fields.some(isArcField) ? null : "none";
}

/** Above all that was there (RFC 8617, 5.1). Headers for one place stay in their order. */
function headersOf({ seal, message, results }: NewSet): readonly AddedHeader[] {
  return [
    { name: "ARC-Seal", value: seal, order: 1 },
    { name: "ARC-Message-Signature", value: message, order: 1 },
    { name: "ARC-Authentication-Results", value: results, order: 1 },
  ];
}
