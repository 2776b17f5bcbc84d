// Sender ID (RFC 4406, historic): SPF for the address that a message's headers hold responsible, and records that say for
// which address they speak.

import { type Context, defineCheck } from "../../../shared/check.ts";
import { choice, flag, list, section } from "../../../shared/config/schema.ts";
import { networkMap } from "../../../shared/map/live-map.ts";
import { asciiHost } from "../../../shared/message/domain.ts";
import type { Envelope, Headers } from "../../../shared/task.ts";
import type { AuthenticationResult } from "../../../shared/verdict.ts";
import { spfConfig } from "../spf/config.ts";
import { evaluateSpf, type SpfOutcome } from "../spf/evaluate.ts";
import type { SpfResult } from "../spf/finding.ts";
import { type Select, selectSpf1, termsAfter } from "../spf/select.ts";
import { isOwnMail, type SendingHost, sendingHost } from "../spf/sending-host.ts";
import { responsibleAddress } from "./responsible.ts";

const scopes = ["pra", "mfrom"] as const;
export type Scope = (typeof scopes)[number];

const senderIdConfig = {
  sender_id: section("Whether the client may send for the responsible address (Sender ID); whom to check: see spf.", {
    enabled: flag(false, "Ask for records of Sender ID."),
    scopes: list<Scope>(
      choice(scopes, "pra", "An address."),
      ["pra"],
      "pra: that of the headers; mfrom: the envelope sender.",
    ),
  }),
};

declare module "../../../shared/check.ts" {
  interface Findings {
    SENDER_ID_CHECK: Finding;
  }
}

const symbols = {
  SENDER_ID_ALLOW: { score: 0, about: "The responsible domain lets the client send (Sender ID)." },
  SENDER_ID_FAIL: { score: 0.5, about: "The responsible domain does not let the client send (Sender ID)." },
  SENDER_ID_SOFTFAIL: { score: 0.1, about: "The responsible domain thinks the client should not send (Sender ID)." },
  SENDER_ID_NEUTRAL: {
    score: 0,
    about: "The responsible domain does not say whether the client may send (Sender ID).",
  },
  SENDER_ID_DNSFAIL: { score: 0, about: "The DNS gives no answer that Sender ID needs." },
  SENDER_ID_PERMFAIL: {
    score: 0,
    about: "Nobody is responsible for the message, or the record cannot be used (Sender ID).",
  },
  SENDER_ID_NA: { score: 0, about: "The responsible domain has no record (Sender ID)." },
};

const symbolOf: Readonly<Record<SpfResult, keyof typeof symbols>> = {
  pass: "SENDER_ID_ALLOW",
  fail: "SENDER_ID_FAIL",
  softfail: "SENDER_ID_SOFTFAIL",
  neutral: "SENDER_ID_NEUTRAL",
  temperror: "SENDER_ID_DNSFAIL",
  permerror: "SENDER_ID_PERMFAIL",
  none: "SENDER_ID_NA",
};

/** The record for a scope (RFC 4406, 4.4): one of version 2 that has it; else one of version 1, which has both. */
export function selectFor(scope: Scope): Select {
  return (texts) => {
    const found = texts.flatMap((text) => {
      const [version = "", listed = ""] = /^spf2\.\d{1,9}\/([a-z0-9_,-]{1,200})(?= |$)/i.exec(text) ?? [];
      const terms = listed.toLowerCase().split(",").includes(scope) ? termsAfter(text, version.toLowerCase()) : null;
      return terms === null ? [] : [{ terms }];
    });
    if (found.length > 1) return "several";
    return found[0] ?? selectSpf1(texts);
  };
}

/** An address that is checked, and how the header Authentication-Results names it. */
interface Checked {
  readonly scope: Scope;
  readonly address: string;
  readonly domain: string;
  readonly property: string;
}

function checkedAddress(scope: Scope, headers: Headers, { from = "" }: Envelope, helo: string): Checked | null {
  if (scope === "mfrom") {
    const address = from === "" ? `postmaster@${helo}` : from;
    const domain = asciiHost(address.slice(address.lastIndexOf("@") + 1));
    return { scope, address, domain, property: from === "" ? "smtp.helo" : "smtp.mailfrom" };
  }
  const responsible = responsibleAddress(headers);
  if (responsible === null) return null;
  const { mailbox, header } = responsible;
  return { scope, address: mailbox.address, domain: mailbox.host, property: `header.${header}` };
}

type Ctx = Context<keyof typeof symbols, never, unknown>;

async function evaluate({ scope, address, domain }: Checked, { ip, helo }: SendingHost, ctx: Ctx): Promise<SpfOutcome> {
  const outcome = await evaluateSpf(ctx.dns, { ip, helo, sender: address, domain }, { select: selectFor(scope) });
  if (scope === "mfrom" || outcome.result !== "none") return outcome;
  // RFC 4406, 4: nobody sends for a responsible domain that does not exist.
  const answer = await ctx.dns.query(domain, "TXT");
  return answer.status === "no-name" ? { ...outcome, result: "fail" } : outcome;
}

async function check(
  scope: Scope,
  host: SendingHost,
  headers: Headers,
  envelope: Envelope,
  ctx: Ctx,
): Promise<AuthenticationResult> {
  const checked = checkedAddress(scope, headers, envelope, host.helo);
  if (checked === null) {
    ctx.hit("SENDER_ID_PERMFAIL", { options: [scope, "no responsible address"] });
    return { method: "sender-id", result: "permerror", properties: [] };
  }
  const { result, mechanism, reason } = await evaluate(checked, host, ctx);
  ctx.hit(symbolOf[result], { options: [scope, checked.address, mechanism || reason] });
  return {
    method: "sender-id",
    result,
    comment: mechanism || reason,
    properties: [[checked.property, checked.address]],
  };
}

export const senderId = defineCheck({
  name: "SENDER_ID_CHECK",
  about: "Asks the domain that the headers hold responsible which hosts may send for it (Sender ID).",
  stage: "filter",
  group: "policies",
  reads: ["headers", "received"],
  cost: "remote",
  config: { ...senderIdConfig, ...spfConfig },
  symbols,
  configured: ({ sender_id }) => (sender_id.enabled && sender_id.scopes.length > 0 ? {} : null),
  async run(task, ctx) {
    const { spf, options, sender_id } = ctx.config;
    const host = sendingHost(task.envelope, task.received, spf.external_relay);
    if (host === undefined || isOwnMail(host, spf, options.local_addrs)) return undefined;
    if (networkMap(spf.whitelist).get(host.ip) !== undefined) return undefined;
    const authentication: AuthenticationResult[] = [];
    for (const scope of new Set(sender_id.scopes)) {
      authentication.push(await check(scope, host, task.headers, task.envelope, ctx));
    }
    return { authentication };
  },
});
