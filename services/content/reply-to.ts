// Where a reply would go, against whom the mail says it is from and to.

import { type Context, defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Envelope, Headers, Mailbox } from "../../shared/task.ts";
import { titleOf } from "./display-name.ts";
import { sameAddress, sameDomain } from "./mailbox-pair.ts";

/** Mailing lists send replies to themselves: there that is no trick. */
const listHeaders = ["list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "x-beenthere"];

const symbols = {
  HAS_REPLYTO: { score: 0, about: "There is a Reply-To header." },
  REPLYTO_UNPARSEABLE: { score: 1, about: "The Reply-To header has no address." },
  REPLYTO_INVALID: { score: 1, about: "The address of Reply-To is not valid." },
  REPLYTO_EQ_FROM: { score: 0, about: "Reply-To is word for word From." },
  REPLYTO_ADDR_EQ_FROM: { score: 0, about: "Reply-To has the address of From." },
  REPLYTO_DOM_EQ_FROM_DOM: { score: 0, about: "Reply-To has the domain of From." },
  REPLYTO_DOM_NEQ_FROM_DOM: { score: 0, about: "Reply-To has another domain than From." },
  REPLYTO_DN_EQ_FROM_DN: { score: 0, about: "Reply-To has the display name of From." },
  REPLYTO_EQ_TO_ADDR: { score: 5, about: "Reply-To is the recipient, and not the author." },
  REPLYTO_DOM_EQ_TO_DOM: { score: 0, about: "Reply-To has the domain of To." },
  REPLYTO_DOM_NEQ_TO_DOM: { score: 0, about: "Reply-To has another domain than To." },
  REPLYTO_EMAIL_HAS_TITLE: { score: 2, about: "The address of Reply-To starts with the author's title, such as mr." },
  SPOOF_REPLYTO: { score: 6, about: "From pretends to be of the recipient's domain, and replies go elsewhere." },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

interface Mail {
  readonly envelope: Envelope;
  readonly headers: Headers;
}

function compareWithFrom(reply: Mailbox, author: Mailbox, headers: Headers, ctx: Ctx): void {
  const { name } = author;
  if (first(headers, "reply-to")?.value === first(headers, "from")?.value) ctx.hit("REPLYTO_EQ_FROM");
  else if (sameAddress(reply, author)) ctx.hit("REPLYTO_ADDR_EQ_FROM");
  else ctx.hit(sameDomain(reply, author) ? "REPLYTO_DOM_EQ_FROM_DOM" : "REPLYTO_DOM_NEQ_FROM_DOM");
  if (name !== "" && name.toLowerCase() === reply.name.toLowerCase()) ctx.hit("REPLYTO_DN_EQ_FROM_DN");
}

/** Whether the mail goes back to what looks after the list `user`@`host`: owner-user, user-bounces+reader=home and so on. */
function returnsToList({ from }: Envelope, headers: Headers, { user, host }: Mailbox): boolean {
  const sender = (from ?? first(headers, "return-path")?.value.replace(/^<|>$/g, "") ?? "").toLowerCase();
  const at = sender.lastIndexOf("@");
  if (sender.slice(at + 1) !== host.toLowerCase()) return false;
  const list = user.toLowerCase();
  if (sender.slice(0, at) === `owner-${list}`) return true;
  if (!sender.startsWith(`${list}-`)) return false;
  return /^(?:owner|admin|bounces?|errors?|return|request)(?:[-+=]|$)/.test(sender.slice(list.length + 1, at));
}

function compareWithTo(reply: Mailbox, author: Mailbox | undefined, { envelope, headers }: Mail, ctx: Ctx): void {
  const to = headers.to[0];
  if (to === undefined || !to.valid) return;
  ctx.hit(sameDomain(reply, to) ? "REPLYTO_DOM_EQ_TO_DOM" : "REPLYTO_DOM_NEQ_TO_DOM");
  if (!sameAddress(reply, to) || (author !== undefined && sameDomain(reply, author))) return;
  // Programs that write to their owner say so (RFC 3834, 5).
  if (first(headers, "auto-submitted") !== null) return;
  const isList = listHeaders.some((key) => first(headers, key) !== null) || returnsToList(envelope, headers, to);
  if (!isList) ctx.hit("REPLYTO_EQ_TO_ADDR");
}

/** A mail that claims to come from a colleague and has its replies sent to a stranger. */
function spoofs(reply: Mailbox, author: Mailbox, headers: Headers, envelope: Envelope): boolean {
  if (sameDomain(reply, author)) return false;
  const to = headers.to[0];
  // Web forms write to their owner in their owner's name.
  if (to !== undefined && sameAddress(author, to)) return false;
  const { rcpts } = envelope;
  if (rcpts.length === 1 && rcpts[0]?.toLowerCase() === author.address.toLowerCase()) return false;
  const end = `@${author.host}`;
  return rcpts.some((rcpt) => rcpt.toLowerCase().endsWith(end));
}

export const replyTo = defineCheck({
  name: "CHECK_REPLYTO",
  about: "Compares Reply-To with From, To and the envelope.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    const { envelope, headers } = task;
    if (first(headers, "reply-to") === null) return;
    const reply = headers.replyTo[0];
    ctx.hit("HAS_REPLYTO", reply === undefined ? {} : { options: [reply.address] });
    if (reply === undefined || reply.host === "") {
      ctx.hit("REPLYTO_UNPARSEABLE");
      return;
    }
    if (!reply.valid) {
      ctx.hit("REPLYTO_INVALID");
      return;
    }
    const from = headers.from[0];
    const author = from?.valid ? from : undefined;
    compareWithTo(reply, author, task, ctx);
    if (author === undefined) return;
    compareWithFrom(reply, author, headers, ctx);
    // By itself a title is the mailbox of many a doctor.
    const title = titleOf(author.name);
    if (title !== "" && titleOf(reply.user) === title) ctx.hit("REPLYTO_EMAIL_HAS_TITLE");
    if (spoofs(reply, author, headers, envelope)) ctx.hit("SPOOF_REPLYTO", { options: [author.host, reply.host] });
  },
});
