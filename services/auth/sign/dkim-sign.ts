// DKIM_SIGN: signs mail of our own domains as it goes out (RFC 6376, 5).

import { type ConfigOf, type Context, defineCheck, type Finding } from "../../../shared/check.ts";
import { toFault } from "../../../shared/fault.ts";
import type { Facts } from "../../../shared/task.ts";
import { signMessage } from "../dkim/sign.ts";
import { dkimSigningConfig, formsOf, mayHaveKeys } from "./config.ts";
import type { DomainKey } from "./find-keys.ts";
import { openOutgoing } from "./going-out.ts";
import { signedNamesOf } from "./signed-field.ts";
import { type UsableKeys, usableKeys } from "./usable-keys.ts";

declare module "../../../shared/check.ts" {
  interface Findings {
    DKIM_SIGN: Finding;
  }
}

const symbols = {
  DKIM_SIGNED: { score: 0, about: "We have signed the message (DKIM)." },
  DKIM_UNSIGNED: { score: 0, about: "The message is ours to sign, but was not, or not with each of our keys." },
} as const;

type Task = Pick<Facts, "raw" | "headers" | "structure" | "outgoing">;
type Ctx = Context<keyof typeof symbols, never, ConfigOf<typeof dkimSigningConfig>>;

export const dkimSign = defineCheck({
  name: "DKIM_SIGN",
  about: "Signs mail of our own domains as it goes out (DKIM).",
  stage: "sign",
  group: "policies",
  reads: ["headers", "structure", "raw", "outgoing"],
  config: dkimSigningConfig,
  symbols,
  configured({ dkim_signing: signing }) {
    if (!signing.enabled || !mayHaveKeys(signing)) return null;
    if (signing.symbol === "DKIM_SIGNED") return {};
    return { [signing.symbol]: { ...symbols.DKIM_SIGNED, key: "dkim_signing.symbol" } };
  },
  run(task, ctx): Finding | undefined | Promise<Finding | undefined> {
    const { dkim_signing: signing, options } = ctx.config;
    const usable = usableKeys(task, signing, options.local_addrs, ctx);
    return usable instanceof Promise ? usable.then((keys) => sign(task, keys, ctx)) : sign(task, usable, ctx);
  },
});

function sign(task: Task, usable: UsableKeys | undefined, ctx: Ctx): Finding | undefined {
  if (usable === undefined) return undefined;
  const missing = [...usable.missing];
  const dkimSignatures: string[] = [];
  for (const key of usable.keys) {
    const value = signatureWith(task, key, ctx, missing);
    if (value === null) continue;
    dkimSignatures.push(value);
    raise(`${key.domain}:s=${key.selector}`, ctx);
  }
  if (missing.length > 0) ctx.hit("DKIM_UNSIGNED", { options: missing });
  return dkimSignatures.length === 0 ? undefined : { changes: { dkimSignatures } };
}

function signatureWith(task: Task, key: DomainKey, { config, now, log }: Ctx, missing: string[]): string | null {
  const { sign_headers, canonicalization } = config.dkim_signing;
  const message = openOutgoing(task);
  const names = signedNamesOf(sign_headers, message.fields);
  try {
    // Gateways end lines as their protocol has it.
    return signMessage(message, { ...key, ...formsOf(canonicalization), names, time: now }).replaceAll("\r\n", "\n");
  } catch (thrown) {
    const fault = toFault(thrown);
    if (fault.code !== "bad-input") throw thrown;
    log.warn({ reason: fault.message, domain: key.domain, selector: key.selector }, "mail is not signed");
    missing.push(`${key.domain}: ${fault.message}`);
    return null;
  }
}

function raise(option: string, ctx: Ctx): void {
  const { symbol } = ctx.config.dkim_signing;
  const detail = { options: [option] };
  if (symbol === "DKIM_SIGNED") ctx.hit("DKIM_SIGNED", detail);
  else ctx.hitConfigured(symbol, detail);
}
