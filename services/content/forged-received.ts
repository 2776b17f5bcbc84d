// Received headers that no mail server writes: those that bots put before their own mail.

import { defineCheck } from "../../shared/check.ts";
import { organisationalDomain } from "../../shared/message/domain.ts";
import type { Headers, Hop } from "../../shared/task.ts";

/** Longer ones are not looked at: the forged ones are short. */
const longest = 512;

const ip = "(?:\\d{1,3}\\.){3}\\d{1,3}";
const name = "[\\w.-]{1,255}";
/** RFC 5322, 3.3 as bots write it: always with the day, and no comment behind. */
const date = "[A-Z][a-z]{2}, ?\\d{1,2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} [+-]\\d{4}";
const pattern = (text: string) =>
  new RegExp(`^${text.replaceAll("IP", ip).replaceAll("NAME", name).replaceAll("DATE", date)}`);

const forms = [
  // An address to an address, and nothing of how.
  ["FORGED_GENERIC_RECEIVED", pattern("from \\[?IP\\]? by IP; DATE$")],
  // Servers put "with" before an id, and qmail's, which have none, a HELO or a reverse name before the address.
  ["FORGED_GENERIC_RECEIVED2", pattern("from \\[IP\\] by NAME id \\S{1,64}; DATE$")],
  ["FORGED_GENERIC_RECEIVED3", pattern("by IP with SMTP id [A-Za-z]{14}\\.\\d{13}; DATE(?: \\(GMT\\))?$")],
  // qmail's form with protocols that qmail does not speak, or that know no HELO.
  [
    "FORGED_GENERIC_RECEIVED4",
    pattern("from unknown \\(HELO NAME\\) \\(IP\\) by NAME with (?:asmtp|esmtp|smtp|local|NNFMP|QMQP); "),
  ],
  // The same family, without a name. Yahoo's "from [IP] ... with NNFMP" is real.
  ["FORGED_GENERIC_RECEIVED4", pattern("from \\[IP\\] by NAME with (?:asmtp|e?smtp|SMTP|local|QMQP); ")],
  ["FORGED_GENERIC_RECEIVED4", pattern("from IP \\(\\[IP\\]\\) by NAME with (?:asmtp|e?smtp|SMTP|local|NNFMP|QMQP); ")],
  // A server that hands a mail to itself says how.
  ["FORGED_GENERIC_RECEIVED4", pattern("from localhost by \\S{1,255}; DATE$")],
  ["R_RCVD_SPAMBOTS", pattern("from \\[IP\\] by [\\w.-]{0,250}[A-Za-z][\\w.-]{0,4}; DATE$")],
  // Two addresses and no name: no server calls itself by its address.
  ["RCVD_DOUBLE_IP_SPAM", pattern("from \\[?IP\\]? by IP with ")],
  ["STRONGMAIL", pattern("from strongmail \\(\\[IP\\]\\) by \\S{1,255} \\(-\\); ")],
  // Postfix always writes the name of the zone behind the date. The imitations are of its early years: ids in hex, no TLS.
  // What servers copy, and change, of the Received headers of today's Postfix is none.
  [
    "INVALID_POSTFIX_RECEIVED",
    /\(Postfix\) with ESMTP id [0-9A-Z]{5,20}(?: for <[^>\s]{1,320}>)?; [A-Z][a-z]{2}, {1,2}\d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}$/,
  ],
] as const;

const start = /^(?:from (?:\[?\d|unknown \(HELO|strongmail|localhost by )|by \d)/;

/** A quick look that rules out most fields: how the forged ones start, or that an imitated Postfix ends in digits. */
function isTelling(value: string): boolean {
  if (start.test(value)) return true;
  const last = value.charCodeAt(value.length - 1);
  return last >= 48 && last <= 57 && value.includes("(Postfix)");
}

/** Servers of large providers that bots say to be: name in HELO, domains of mail that may come from there. */
const claimed = [
  ["FAKE_RECEIVED_mail_ru", "mail.ru", ["mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"]],
  ["FAKE_RECEIVED_smtp_yandex_ru", "smtp.yandex.ru", ["yandex.ru", "ya.ru", "yandex.com", "yandex.net"]],
] as const;

/** Whether a hop, the author or the sender are of the provider. */
function isOf(domains: readonly string[], hop: Hop, headers: Headers, sender: string | undefined): boolean {
  const own = (host: string) => (domains as readonly string[]).includes(organisationalDomain(host));
  if (own(hop.rdns) || headers.from.some(({ host }) => own(host))) return true;
  return sender !== undefined && own(sender.slice(sender.lastIndexOf("@") + 1));
}

export const forgedReceived = defineCheck({
  name: "CHECK_FORGED_RECEIVED",
  about: "Looks for Received headers that no mail server writes.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "received"],
  symbols: {
    FORGED_GENERIC_RECEIVED: { score: 3.6, about: "A Received header tells of two addresses and nothing else." },
    FORGED_GENERIC_RECEIVED2: { score: 3.6, about: "A Received header has an id and no protocol." },
    FORGED_GENERIC_RECEIVED3: { score: 3.6, about: "A Received header has no from, and an id that bots make." },
    FORGED_GENERIC_RECEIVED4: {
      score: 3.6,
      about: "A Received header imitates qmail with a protocol that does not fit, or is from localhost without one.",
    },
    R_RCVD_SPAMBOTS: { score: 3, about: "A Received header has an address, a host and a date, and nothing else." },
    RCVD_DOUBLE_IP_SPAM: { score: 2, about: "A Received header names client and server by their addresses." },
    STRONGMAIL: { score: 6, about: "A Received header is in the form of the program StrongMail." },
    INVALID_POSTFIX_RECEIVED: { score: 3, about: "A Received header imitates Postfix and lacks the name of the zone." },
    FAKE_RECEIVED_mail_ru: { score: 4, about: "A client greeted as mail.ru and is not." },
    FAKE_RECEIVED_smtp_yandex_ru: { score: 4, about: "A client greeted as smtp.yandex.ru and is not." },
    RECEIVED_HELO_LOCALHOST: { score: 0, about: "A client greeted as localhost." },
  },
  run(task, ctx) {
    const { envelope, headers, received } = task;
    for (const { key, value } of headers.fields) {
      if (key !== "received" || value.length > longest) continue;
      if (isTelling(value)) for (const [symbol, form] of forms) if (form.test(value)) ctx.hit(symbol);
    }
    for (const hop of received) {
      const { length } = hop.from;
      // None of the names has another length.
      if (length !== 7 && length !== 9 && length !== 14 && length !== 21) continue;
      const helo = hop.from.toLowerCase();
      if (helo === "localhost" || helo === "localhost.localdomain") ctx.hit("RECEIVED_HELO_LOCALHOST");
      for (const [symbol, host, domains] of claimed) {
        if (helo === host && !isOf(domains, hop, headers, envelope.from)) ctx.hit(symbol, { options: [hop.ip] });
      }
    }
  },
});
