// `options.dns`: the resolver's configuration, with Rspamd's names where they mean the same.

import { bytes, custom, duration, flag, integer, section } from "../config/schema.ts";
import { parseServers, printServers, type ServerList } from "../upstream-list.ts";
import { fakeRecords } from "./fake-records.ts";

/** `null`: those of the system. */
const nameserver = custom<ServerList | null>(
  null,
  'Name servers, e.g. ["127.0.0.1", "master-slave:192.0.2.1:53:10"]; unset: those of /etc/resolv.conf.',
  (value) => {
    if (value === null) return null;
    const texts = Array.isArray(value) ? value : [value];
    if (!texts.every((text) => typeof text === "string")) return new Error("must be a list of host[:port[:weight]]");
    const list = parseServers(texts, { port: 53, rotation: "round-robin" });
    if (list instanceof Error) return list;
    const path = list.servers.find(({ host }) => host.startsWith("/"));
    return path === undefined ? list : new Error(`"${path.host}" is no name server: it takes a host`);
  },
  (list) => (list === null ? null : [...printServers(list)]),
);

export const dnsSection = section("The resolver: what checks ask the DNS.", {
  nameserver: { ...nameserver, aliases: ["nameservers", "server"] },
  timeout: duration(1_000, "How long to wait for a reply before asking again.", { min: 10, max: 60_000 }),
  retransmits: integer(5, "How often a query without a reply is sent again.", { min: 0, max: 20 }),
  sockets: integer(16, "UDP sockets, each on a port of its own, for each name server.", {
    min: 1,
    max: 256,
    aliases: ["connections"],
  }),
  enable_dnssec: flag(false, "Ask for and trust the AD bit. Only for a name server that nobody sits in front of."),
  max_requests_task: integer(1_024, "Queries of all checks of an actor for one message.", { min: 1, max: 100_000 }),
  cache_size: bytes(8 * 1024 * 1024, "Memory for answers that are kept.", { min: 0, max: 2 ** 30 }),
  cache_min_ttl: duration(1_000, "An answer is kept at least so long.", { max: 3_600_000 }),
  cache_max_ttl: duration(86_400_000, "An answer is kept at most so long.", { max: 604_800_000 }),
  // RFC 2308, 5: one to three hours are sensible.
  cache_negative_ttl: duration(3_600_000, "That there is no record is kept at most so long.", { max: 86_400_000 }),
  // RFC 2308, 7: at most five minutes.
  cache_failure_ttl: duration(5_000, "A failure is kept so long before the name is asked for again.", { max: 300_000 }),
  fake_records: fakeRecords,
});
