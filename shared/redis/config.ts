// The section `redis`: where state and jobs are kept by sites that have several machines, with Rspamd's names where they
// mean the same. Without servers both are in the data folder.

import { custom, duration, type Field, flag, integer, type SectionValue, section, text } from "../config/schema.ts";
import { tlsKeys } from "../tls-files.ts";
import { parseServers, printServers, type ServerList } from "../upstream-list.ts";

function servers(port: number, about: string, most = 1000): Field<ServerList | null> {
  return custom<ServerList | null>(
    null,
    about,
    (value) => {
      if (value === null) return null;
      const texts = Array.isArray(value) ? value : [value];
      if (!texts.every((item) => typeof item === "string")) return new Error("must be a list of host[:port]");
      // Rspamd's files say `servers = ""` where there is none.
      if (texts.every((item) => item.trim() === "")) return null;
      const list = parseServers(texts, { port, rotation: "round-robin" });
      if (!(list instanceof Error) && list.servers.length > most) return new Error("must be one server");
      return list;
    },
    (list) => (list === null ? null : [...printServers(list)]),
  );
}

const database = integer(0, "Number of the database; a cluster has only 0.", {
  min: 0,
  max: 65_535,
  aliases: ["dbname"],
});

/** What stands before the keys; a brace in it would decide where a cluster keeps them. */
const prefix = custom<string>(
  "sluice",
  "Stands before every key, so that several sites can share a server.",
  (value) => {
    return typeof value === "string" && /^[^{}\s]{0,64}$/.test(value)
      ? value
      : new Error("must be a short text without braces");
  },
);

const tls = section("How the connections are encrypted.", {
  enabled: flag(false, "Speak TLS with Redis, and with the sentinels."),
  ...tlsKeys,
});

export const redisConfig = {
  redis: section("Redis for state and jobs. Without servers, write_servers or sentinels they are in the data folder.", {
    servers: servers(
      6379,
      "Where state and jobs are kept: a server that never evicts and has an append-only file. The first is asked and " +
        "written; after master-slave: the others are replicas; with cluster these are some of its nodes.",
    ),
    read_servers: servers(6379, "Replicas: asked where it does no harm when an answer is a little old."),
    write_servers: servers(6379, "Takes the place of servers where they are only replicas, as in Rspamd."),
    cache_servers: servers(6379, "A server that may evict, for bodies in passing. Default: the same as servers.", 1),
    db: database,
    username: text("", "Of Redis's access list; empty: the default user."),
    password: text("", "Empty: none is needed."),
    timeout: duration(1_000, "Time to connect, and for an answer. What takes longer has failed.", {
      min: 10,
      max: 60_000,
    }),
    prefix,
    cluster: flag(false, "The servers are a Redis Cluster."),
    sentinels: servers(26_379, "Redis Sentinels, which know the master and its replicas. Then servers are not used."),
    sentinel_master: text("mymaster", "What the sentinels call the master."),
    sentinel_username: text("", "For the sentinels themselves."),
    sentinel_password: text("", "For the sentinels themselves."),
    tls,
  }),
};

export type RedisConfig = SectionValue<typeof redisConfig.redis>;
