// Whom the From header names, and how that agrees with the envelope.

import { defineCheck } from "../../shared/check.ts";
import { mailbox } from "../../shared/message/address.ts";
import { first } from "../../shared/message/header.ts";
import type { Envelope, Mailbox } from "../../shared/task.ts";
import { addressIn, titleOf } from "./display-name.ts";
import { sameAddress, sameDomain } from "./mailbox-pair.ts";

/** Authors named in the options. */
const mostShown = 10;

/** Whether one of the recipients, of header or envelope, is of the domain of `other`. */
function isRecipientDomain(other: Mailbox, to: readonly Mailbox[], envelope: Envelope): boolean {
  if (to.some((box) => sameDomain(box, other))) return true;
  return envelope.rcpts.some((rcpt) => sameDomain(mailbox("", rcpt), other));
}

export const from = defineCheck({
  name: "CHECK_FROM",
  about: "Looks at the author's address and name, and at the envelope sender.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    MULTIPLE_FROM: { score: 8, about: "The From header names several authors." },
    FROM_INVALID: { score: 2, about: "The From header has no valid address." },
    FROM_HAS_DN: { score: 0, about: "The From header has a display name." },
    FROM_NO_DN: { score: 0, about: "The From header has no display name." },
    FROM_DN_EQ_ADDR: { score: 1, about: "The display name of From is its address." },
    FROM_NAME_HAS_TITLE: { score: 1, about: "The display name of From starts with a title such as Mr." },
    FROM_NEQ_DISPLAY_NAME: { score: 4, about: "The display name of From holds an address of another domain." },
    SPOOF_DISPLAY_NAME: { score: 8, about: "The display name of From holds an address of a recipient's domain." },
    FROM_EQ_ENVFROM: { score: 0, about: "From is the envelope sender." },
    FROM_NEQ_ENVFROM: { score: 0, about: "From is not the envelope sender." },
    ENVFROM_INVALID: { score: 2, about: "The envelope sender is no valid address." },
  },
  run(task, ctx) {
    const { envelope, headers } = task;
    const sender = envelope.from ? mailbox("", envelope.from) : null;
    // A gateway puts an address that is none aside, so that it is missing.
    const unreadable = envelope.from === undefined && envelope.invalid !== undefined && envelope.invalid.length > 0;
    if (unreadable || sender?.valid === false) ctx.hit("ENVFROM_INVALID");

    const author = headers.from[0];
    if (author === undefined || !author.valid) {
      if (first(headers, "from") !== null) ctx.hit("FROM_INVALID");
      return;
    }
    const authors = headers.from.filter((box) => box.valid);
    if (authors.length > 1)
      ctx.hit("MULTIPLE_FROM", { options: authors.slice(0, mostShown).map((box) => box.address) });
    if (sender !== null) {
      if (sameAddress(author, sender)) ctx.hit("FROM_EQ_ENVFROM");
      else ctx.hit("FROM_NEQ_ENVFROM", { options: [author.address, sender.address] });
    }

    const { name } = author;
    if (name === "") {
      ctx.hit("FROM_NO_DN");
      return;
    }
    if (name.toLowerCase() === author.address.toLowerCase()) {
      ctx.hit("FROM_DN_EQ_ADDR");
      return;
    }
    ctx.hit("FROM_HAS_DN");
    const title = titleOf(name);
    if (title !== "") ctx.hit("FROM_NAME_HAS_TITLE", { options: [title] });
    const shown = addressIn(name);
    if (shown === null || sameDomain(shown, author)) return;
    const spoofs = isRecipientDomain(shown, headers.to, envelope);
    ctx.hit(spoofs ? "SPOOF_DISPLAY_NAME" : "FROM_NEQ_DISPLAY_NAME", { options: [author.host, shown.host] });
  },
});
