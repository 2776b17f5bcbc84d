// How envelope senders of lists and of careful senders are made, and what that shows with the headers.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Headers } from "../../shared/task.ts";

/** BATV: prvs=tag=user@host or btv1==tag==user@host. */
const prvs = /^(?:prvs|msprvs1)=|^btv1==/i;

/** Whether the sender's user part names a recipient, as lists do to learn which mailbox bounced. */
function isVerp(user: string, rcpts: readonly string[]): boolean {
  return rcpts.slice(0, 10).some((rcpt) => {
    const at = rcpt.lastIndexOf("@");
    return at > 0 && user.includes(`${rcpt.slice(0, at)}=${rcpt.slice(at + 1)}`.toLowerCase());
  });
}

/** Mail of sellers: from info@ to info@ with a way to unsubscribe. */
function isInfoToInfo(headers: Headers, rcpts: readonly string[]): boolean {
  if (headers.from[0]?.user.toLowerCase() !== "info" || first(headers, "list-unsubscribe") === null) return false;
  return rcpts.some((rcpt) => /^info@/i.test(rcpt));
}

export const envelope = defineCheck({
  name: "CHECK_ENVELOPE",
  about: "Looks at how the envelope sender is made.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    ENVFROM_PRVS: { score: 0, about: "The envelope sender carries a tag against forged bounces (BATV)." },
    ENVFROM_VERP: { score: 0, about: "The envelope sender names the recipient (VERP)." },
    INFO_TO_INFO_LU: { score: 2, about: "From info@ to info@, with a List-Unsubscribe header." },
  },
  run(task, ctx) {
    const { envelope, headers } = task;
    if (isInfoToInfo(headers, envelope.rcpts)) ctx.hit("INFO_TO_INFO_LU");
    if (!envelope.from) return;
    const user = envelope.from.slice(0, envelope.from.lastIndexOf("@")).toLowerCase();
    if (prvs.test(user)) ctx.hit("ENVFROM_PRVS");
    if (isVerp(user, envelope.rcpts)) ctx.hit("ENVFROM_VERP");
  },
});
