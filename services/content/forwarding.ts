// Mail that somebody had forwarded to one of our mailboxes: its envelope no longer fits its headers.

import { type Context, defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import { withoutTag } from "../../shared/message/subaddress.ts";
import type { Envelope, Headers, Hop } from "../../shared/task.ts";

const symbols = {
  FWD_GOOGLE: { score: 0, about: "Forwarded by Gmail." },
  FWD_YANDEX: { score: 0, about: "Forwarded by Yandex." },
  FWD_MAILRU: { score: 0, about: "Forwarded by Mail.ru." },
  FWD_SRS: { score: 0, about: "Forwarded; the envelope sender is rewritten by SRS." },
  FWD_SIEVE: { score: 0, about: "Forwarded by a Sieve script." },
  FWD_CPANEL: { score: 0, about: "Forwarded by cPanel." },
  FORWARDED: { score: 0, about: "Forwarded: an earlier hop received it for another recipient." },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** Hosts of services that say so in a header when they forward. */
const services = [
  ["FWD_YANDEX", "x-yandex-forward", /\.yandex\.(?:[a-z]{2,3}|com\.tr)$/],
  ["FWD_MAILRU", "x-mailru-forward", /\.mail\.ru$/],
] as const;

/** The recipient of a mail that has one only: forwarding is to one mailbox. */
function onlyRecipient({ rcpts }: Envelope): string {
  return rcpts.length === 1 ? (rcpts[0]?.toLowerCase() ?? "") : "";
}

/** `user` and `host` of an address in lower case. */
function split(address: string): { readonly user: string; readonly host: string } {
  const at = address.lastIndexOf("@");
  return { user: address.slice(0, at).toLowerCase(), host: address.slice(at + 1).toLowerCase() };
}

function checkSender(from: string, recipient: string, ctx: Ctx): void {
  const { user } = split(from);
  const to = split(recipient);
  // Gmail: user+caf_=recipient=example.org@gmail.com
  if (user.includes(`+caf_=${to.user}=${to.host}`)) ctx.hit("FWD_GOOGLE");
  // SRS0=hash=time=host=user, of the sender of before; forwarders put their own recipient in SRS1 as well.
  if (/^srs[01][=+-]/.test(user)) ctx.hit("FWD_SRS");
}

/** The oldest hop that names a recipient names another than the envelope. Lists do so too: not for the one in To. */
function checkHops(hops: readonly Hop[], recipient: string, headers: Headers, ctx: Ctx): void {
  const hop = hops.find((hop) => hop.for !== "");
  if (hop === undefined) return;
  const named = withoutTag(hop.for.replace(/^<|>$/g, ""));
  if (!named.includes("@") || named === withoutTag(recipient)) return;
  const isList = first(headers, "list-unsubscribe") !== null || first(headers, "list-id") !== null;
  if (isList && headers.to.some(({ address }) => withoutTag(address) === named)) return;
  ctx.hit("FORWARDED", { options: [named] });
}

export const forwarding = defineCheck({
  name: "CHECK_FORWARDING",
  about: "Recognises mail that was forwarded to one of our mailboxes.",
  stage: "filter",
  group: "forwarding",
  reads: ["headers", "received"],
  symbols,
  run(task, ctx) {
    const { envelope, headers, received } = task;
    const recipient = onlyRecipient(envelope);
    if (envelope.from !== undefined && recipient !== "") checkSender(envelope.from, recipient, ctx);
    const hostname = envelope.hostname?.toLowerCase() ?? "";
    for (const [symbol, key, hosts] of services) {
      if (hosts.test(hostname) && first(headers, key) !== null) ctx.hit(symbol);
    }
    if (first(headers, "x-sieve-redirected-from") !== null) ctx.hit("FWD_SIEVE");
    if (/^forward/i.test(first(headers, "x-get-message-sender-via")?.value ?? "") || isCpanel(headers))
      ctx.hit("FWD_CPANEL");
    if (recipient !== "") checkHops(received, recipient, headers, ctx);
  },
});

/** cPanel names the mailbox that it forwards for, and says that it did. */
function isCpanel(headers: Headers): boolean {
  return (
    /forwarder/i.test(first(headers, "x-authenticated-sender")?.value ?? "") && first(headers, "x-antiabuse") !== null
  );
}
