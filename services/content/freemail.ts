// Mailboxes that anybody gets for nothing, in each place where an address stands.

import { defineCheck } from "../../shared/check.ts";
import type { Envelope, Headers, Mailbox } from "../../shared/task.ts";
import { hasHost } from "./domain-set.ts";
import { freemailConfig } from "./freemail-config.ts";
import { sameAddress } from "./mailbox-pair.ts";
import { receiptTo } from "./read-receipt.ts";

/** Addresses of one place that are looked at. */
const mostRead = 50;

const places = ["ENVFROM", "ENVRCPT", "FROM", "TO", "CC", "REPLYTO", "MDN"] as const;
type Place = (typeof places)[number];

const where: Readonly<Record<Place, string>> = {
  ENVFROM: "The envelope sender",
  ENVRCPT: "A recipient of the envelope",
  FROM: "The author",
  TO: "A recipient in To",
  CC: "A recipient in Cc",
  REPLYTO: "The address for replies",
  MDN: "The address for read receipts",
};

/** `prefix` for each place. */
function declare<Prefix extends string>(prefix: Prefix, about: string) {
  const entries = places.map((place) => {
    // A read receipt that goes to a mailbox to throw away tells spammers which addresses live (R 3.13).
    const score = prefix === "DISPOSABLE" && place === "MDN" ? 0.5 : 0;
    return [`${prefix}_${place}`, { score, about: `${where[place]} ${about}`, group: "freemail" }] as const;
  });
  return Object.fromEntries(entries) as Record<`${Prefix}_${Place}`, { score: number; about: string; group: string }>;
}

/** Host of an address as SMTP has it, in lower case. */
function hostOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}

function hostsOf(envelope: Envelope, headers: Headers): readonly (readonly [Place, readonly string[]])[] {
  const receipt = receiptTo(headers);
  const hosts = (boxes: readonly Mailbox[]) => boxes.slice(0, mostRead).map(({ host }) => host);
  return [
    ["ENVFROM", envelope.from ? [hostOf(envelope.from)] : []],
    ["ENVRCPT", envelope.rcpts.slice(0, mostRead).map(hostOf)],
    ["FROM", hosts(headers.from)],
    ["TO", hosts(headers.to)],
    ["CC", hosts(headers.cc)],
    ["REPLYTO", hosts(headers.replyTo)],
    ["MDN", receipt === null ? [] : [receipt.host]],
  ];
}

export const freemail = defineCheck({
  name: "CHECK_FREEMAIL",
  about: "Looks for mailboxes that cost nothing and mailboxes to throw away.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  config: freemailConfig,
  symbols: {
    ...declare("FREEMAIL", "is a mailbox that costs nothing."),
    ...declare("DISPOSABLE", "is a mailbox to throw away."),
    FREEMAIL_REPLYTO_NEQ_FROM_DOM: {
      score: 3,
      about: "Author and address for replies are mailboxes that cost nothing, of different domains.",
    },
  },
  run(task, ctx) {
    const { envelope, headers } = task;
    const { freemail, disposable } = ctx.config;
    const isFree = (host: string) => hasHost(freemail.domains, host);
    for (const [place, hosts] of hostsOf(envelope, headers)) {
      for (const host of hosts) {
        if (isFree(host)) ctx.hit(`FREEMAIL_${place}`, { options: [host] });
        else if (hasHost(disposable.domains, host)) ctx.hit(`DISPOSABLE_${place}`, { options: [host] });
      }
    }
    const author = headers.from[0];
    const reply = headers.replyTo[0];
    if (author === undefined || reply === undefined || author.host === reply.host) return;
    // A group has its replies sent to itself.
    if (headers.to.some((box) => sameAddress(box, reply))) return;
    if (isFree(author.host) && isFree(reply.host))
      ctx.hit("FREEMAIL_REPLYTO_NEQ_FROM_DOM", { options: [author.host, reply.host] });
  },
});
