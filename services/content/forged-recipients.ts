// Whether envelope and headers name the same people (R 3.13). Lists and forwarders change the envelope: composites see to them.

import { defineCheck } from "../../shared/check.ts";

/** Addresses of either kind that are compared, and those named in the options. */
const mostCompared = 100;
const mostShown = 10;

/** An address in lower case, without its tag, and its host. */
interface Address {
  readonly key: string;
  readonly host: string;
}

function addressOf(user: string, host: string): Address {
  const lower = host.toLowerCase();
  const plus = user.indexOf("+");
  return { key: `${(plus > 0 ? user.slice(0, plus) : user).toLowerCase()}@${lower}`, host: lower };
}

function parse(address: string): Address {
  const at = address.lastIndexOf("@");
  return addressOf(address.slice(0, Math.max(0, at)), address.slice(at + 1));
}

export const forgedRecipients = defineCheck({
  name: "FORGED_CALLBACK",
  about: "Compares sender and recipients of the envelope with those of the headers.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    FORGED_RECIPIENTS: { score: 2, about: "Envelope and headers name different recipients." },
    FORGED_SENDER: { score: 0.3, about: "Neither From nor Sender is the envelope sender." },
  },
  run(task, ctx) {
    const { envelope, headers } = task;
    const named = [...headers.to, ...headers.cc, ...headers.bcc].filter((box) => box.valid).slice(0, mostCompared);
    const given = envelope.rcpts.slice(0, mostCompared);
    if (named.length > 0 && given.length > 0) {
      const boxes = named.map(({ user, host }) => addressOf(user, host));
      const namedKeys = new Set(boxes.map(({ key }) => key));
      const givenKeys = new Set(given.map((rcpt) => parse(rcpt).key));
      // A mailbox of the same host may be an alias.
      const hosts = new Set(boxes.map(({ host }) => host));
      // Who sends it, or has logged in, may keep a copy.
      const own = new Set([envelope.from, envelope.user].map((self) => parse(self ?? "").key));
      const strangers = given.filter((rcpt) => {
        const { key, host } = parse(rcpt);
        return !namedKeys.has(key) && !own.has(key) && !hosts.has(host);
      });
      if (strangers.length > 0 && boxes.every(({ key }) => !givenKeys.has(key))) {
        const options = [
          ...named.slice(0, mostShown).map((box) => `m:${box.address}`),
          ...strangers.slice(0, mostShown).map((rcpt) => `s:${rcpt}`),
        ];
        ctx.hit("FORGED_RECIPIENTS", { options });
      }
    }
    const author = headers.from[0];
    // The null sender is nobody (RFC 5321, 4.5.5).
    if (author === undefined || !author.valid || !envelope.from?.includes("@")) return;
    const sender = parse(envelope.from).key;
    const authors = [...headers.from, ...headers.sender];
    if (authors.some(({ user, host }) => addressOf(user, host).key === sender)) return;
    ctx.hit("FORGED_SENDER", { options: [author.address, envelope.from] });
  },
});
