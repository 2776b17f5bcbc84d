// How addresses are written in From, To and Reply-To: forms that readers overlook and mail programs do not make.

import { type Context, defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Header, Headers } from "../../shared/task.ts";

const symbols = {
  R_HTTP_URL_IN_FROM: { score: 5, about: "From starts with a web address where a name belongs." },
  R_NO_SPACE_IN_FROM: { score: 1, about: "No blank stands between name and address in From." },
  FROM_NAME_EXCESS_SPACE: { score: 1, about: "The display name of From has several blanks in a row." },
  TO_WRAPPED_IN_SPACES: { score: 2, about: "An address in To has blanks within its angle brackets." },
  REPLYTO_LOCALPART_LONG: { score: 2, about: "The user part of Reply-To has more than 64 characters." },
  REPLYTO_DOMAIN_LONG: { score: 2, about: "The host of Reply-To has more than 64 characters." },
  REPTO_QUOTE_YAHOO: {
    score: 2,
    about: "Claims Yahoo, and the name in Reply-To is in quotes, as Yahoo does not write it.",
  },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** Longest piece of a field that is looked at. */
const longest = 2048;
/** User part (RFC 5321, 4.5.3.1.1); a host may be longer, and none that people answer is. */
const longestUser = 64;
const longestHost = 64;

function checkFrom(field: Header, ctx: Ctx): void {
  const raw = field.raw.slice(0, longest);
  const value = field.value.slice(0, longest);
  if (/^["'\s]{0,4}https?(?::|=3a)\/\//i.test(value) || /^\s*=\?[^?\s]{1,60}\?q\?"?https?(?::|=3a)\/\//i.test(raw)) {
    ctx.hit("R_HTTP_URL_IN_FROM");
  }
  const open = value.lastIndexOf("<");
  if (open > 0 && value.endsWith(">") && value.includes("@", open) && /[^\s<]/.test(value.charAt(open - 1))) {
    // RFC 5322, 3.4 needs no blank behind a quoted name; mail programs write one all the same.
    ctx.hit("R_NO_SPACE_IN_FROM");
  }
  // As it was written: a name may get blanks where quotes were removed.
  if (open > 0 && /[^\s"]\s{2}\s*[^\s"<]/.test(value.slice(0, open))) ctx.hit("FROM_NAME_EXCESS_SPACE");
}

/** Of the reply address, which may be too long to be valid. */
function checkLength(headers: Headers, ctx: Ctx): void {
  const reply = headers.replyTo[0];
  if (reply === undefined || reply.host === "") return;
  if (reply.user.length > longestUser) ctx.hit("REPLYTO_LOCALPART_LONG", { options: [String(reply.user.length)] });
  if (reply.host.length > longestHost) ctx.hit("REPLYTO_DOMAIN_LONG", { options: [String(reply.host.length)] });
}

function claimsYahoo({ from, messageId }: Headers): boolean {
  return from[0]?.host === "yahoo.com" || messageId?.endsWith("@yahoo.com") === true;
}

export const addressForm = defineCheck({
  name: "CHECK_ADDRESS_FORM",
  about: "Looks at how addresses are written.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    const { headers } = task;
    const from = first(headers, "from");
    if (from !== null) checkFrom(from, ctx);
    const to = first(headers, "to")?.raw.slice(0, longest) ?? "";
    if (/<[ \t]+[^<>\s]{1,320}[ \t]+>/.test(to)) ctx.hit("TO_WRAPPED_IN_SPACES");
    const reply = first(headers, "reply-to");
    if (reply === null) return;
    checkLength(headers, ctx);
    if (/^["']/.test(reply.value) && claimsYahoo(headers)) ctx.hit("REPTO_QUOTE_YAHOO");
  },
});
