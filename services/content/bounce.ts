// Notices that a mail could not be delivered (RFC 3464, and what servers sent before it).

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Envelope, Headers } from "../../shared/task.ts";

const senders = new Set(["mailer-daemon", "postmaster", "mail-daemon", "maildaemon", "mdaemon"]);
const subject =
  /\b(?:undeliver(?:ed|able)|delivery (?:status )?(?:notification|failure|report|failed|problem)|returned mail|mail (?:delivery )?(?:failed|failure)|failure notice|delivery has failed|could not be delivered|non-?delivery|nicht zustellbar|unzustellbar)\b/i;
/** Subjects that mean it are short. */
const longest = 200;

/** A bounce has no sender to be returned to (RFC 5321, 4.5.5). */
function hasNullSender(envelope: Envelope, headers: Headers): boolean {
  return envelope.from === undefined ? first(headers, "return-path")?.value === "<>" : envelope.from === "";
}

export const bounce = defineCheck({
  name: "CHECK_BOUNCE",
  about: "Recognises notices that a mail could not be delivered.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "structure"],
  symbols: {
    BOUNCE: { score: 0, about: "A notice about a mail that could not be delivered." },
    SUBJ_BOUNCE_WORDS: { score: 0, about: "The subject is that of a notice about a mail that could not be delivered." },
  },
  run(task, ctx) {
    const { envelope, headers, structure } = task;
    const worded = subject.test((headers.subject ?? "").slice(0, longest));
    if (worded) ctx.hit("SUBJ_BOUNCE_WORDS");
    const root = structure.parts[0];
    const report = root?.type === "multipart/report" && root.params["report-type"]?.toLowerCase() === "delivery-status";
    const nullSender = hasNullSender(envelope, headers);
    if (report && (nullSender || structure.parts.some(({ type }) => type === "message/delivery-status"))) {
      ctx.hit("BOUNCE", { options: ["report"] });
      return;
    }
    const from = headers.from[0]?.user.toLowerCase() ?? "";
    // Three signs of one thing: two of them may be chance.
    if (worded && nullSender && senders.has(from)) ctx.hit("BOUNCE", { options: ["words"] });
  },
});
