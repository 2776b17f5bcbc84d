// The section `srs`: senders of mail that we pass on are rewritten, and bounces find their way back.

import { bindSockets } from "../bind-socket.ts";
import { custom, duration, flag, integer, list, type SectionValue, section } from "../config/schema.ts";
import { mapSource } from "../map/source.ts";
import { asciiHost, isHostName } from "../message/domain.ts";

const day = 86_400_000;

/** Characters: less can be guessed. */
const shortestSecret = 16;

const secretText = custom<string>(
  "",
  `A text of at least ${shortestSecret} characters: openssl rand -hex 32`,
  (value) => {
    if (typeof value !== "string") return new Error("must be a text");
    return value.length >= shortestSecret ? value : new Error(`has less than ${shortestSecret} characters`);
  },
);

const separators = ["=", "+", "-"] as const;

const srsSection = section("Senders of mail that we pass on (SRS).", {
  enabled: flag(false, "Rewrite senders, and answer the mail server that asks for the way back."),
  domain: custom<string>("", "Domain of rewritten senders: one of ours, with SPF for our servers.", (value) => {
    const host = typeof value === "string" ? asciiHost(value) : "";
    if (value === "" || (isHostName(host) && host.includes("."))) return host;
    return new Error("is no domain");
  }),
  secret: list(secretText, [], "Secrets: the first signs, all are accepted.", { aliases: ["secrets"] }),
  local_domains: mapSource(
    "domains",
    "Our domains, beside `domain`: what comes from there, or stays there, is not passed on.",
  ),
  max_age: duration(21 * day, "How long bounces are taken back.", { min: day, max: 365 * day }),
  separator: custom<(typeof separators)[number]>("=", "Stands behind SRS0 and SRS1: =, + or -.", (value) => {
    return separators.find((one) => one === value) ?? new Error("is none of = + -");
  }),
  hash_length: integer(4, "Characters of the hash, of 6 bits each.", { min: 4, max: 27 }),
  bind_socket: bindSockets(11_335, "Where the mail server asks for the way back (socketmap)."),
  max_connections: integer(200, "Connections at a time; more are closed at once.", { min: 1, max: 10_000 }),
  idle_timeout: duration(600_000, "A connection that is silent for so long is closed.", { min: 10 }),
});

export const srsConfig = { srs: srsSection };
export type SrsConfig = SectionValue<typeof srsSection>;
