// Which Redis does what: from the configuration to a server, a master that sentinels name, or a cluster.

import { Fault, toFault } from "../fault.ts";
import type { ServerAddress, ServerList } from "../upstream-list.ts";
import type { RedisConfig } from "./config.ts";

export type Place =
  | { readonly kind: "server"; readonly server: ServerAddress }
  | {
      readonly kind: "sentinels";
      readonly sentinels: readonly ServerAddress[];
      readonly master: string;
      readonly role: "master" | "slave";
    }
  | { readonly kind: "cluster"; readonly nodes: readonly ServerAddress[] };

export interface Places {
  /** State and jobs. */
  readonly truth: Place;
  /** For answers that may be a little old. */
  readonly replica: Place | undefined;
  /** Bodies in passing. */
  readonly caches: Place;
  /** What an operator should know, and perhaps did not mean. */
  readonly warnings: readonly string[];
}

/** Undefined when no Redis is configured. Throws `bad-config` when what there is does not make a whole. */
export function placesOf(config: RedisConfig): Places | undefined {
  const { servers, read_servers: reads, write_servers: writes, cache_servers: cache, sentinels, cluster } = config;
  const given = writes ?? servers;
  if (given === null && sentinels === null) {
    if (reads === null && cache === null) return undefined;
    const lonely = reads === null ? "cache_servers" : "read_servers";
    throw new Fault("bad-config", `redis.${lonely}: nothing says where state is kept; name redis.servers too`);
  }
  const caches = cache === null ? undefined : serverOf(cache);
  if (sentinels !== null) {
    if (cluster) throw new Fault("bad-config", "redis.cluster: redis.sentinels are for servers that are no cluster");
    const through = { kind: "sentinels", sentinels: sentinels.servers, master: config.sentinel_master } as const;
    const truth = { ...through, role: "master" } as const;
    return { truth, replica: { ...through, role: "slave" }, caches: caches ?? truth, warnings: [] };
  }
  if (given === null) return undefined;
  if (cluster) {
    if (config.db !== 0) throw new Fault("bad-config", "redis.db: a cluster has only database 0");
    const truth = { kind: "cluster", nodes: given.servers } as const;
    return { truth, replica: undefined, caches: caches ?? truth, warnings: [] };
  }
  const truth = serverOf(given);
  const replica = replicaOf(config);
  return { truth, replica, caches: caches ?? truth, warnings: warningsOf(given) };
}

/** What is wrong with values that are each right: for `config check`, and before anything is opened. */
export function validatePlaces(config: RedisConfig): Fault[] {
  try {
    placesOf(config);
    return [];
  } catch (thrown) {
    return [toFault(thrown)];
  }
}

/** Rspamd's rules: read_servers; or servers, where write_servers says who takes the writing; or what follows a master. */
function replicaOf({ servers, read_servers: reads, write_servers: writes }: RedisConfig): Place | undefined {
  if (reads !== null) return serverOf(reads);
  if (writes !== null && servers !== null) return serverOf(servers);
  const first = servers?.rotation === "master-slave" ? servers.servers[1] : undefined;
  return first === undefined ? undefined : { kind: "server", server: first };
}

function warningsOf({ rotation, servers }: ServerList): string[] {
  if (servers.length < 2 || rotation === "master-slave") return [];
  const message =
    "several redis.servers that are no cluster: only the first is used; name replicas in redis.read_servers";
  return [message];
}

function serverOf({ servers }: ServerList): Place {
  const [server] = servers;
  if (server === undefined) throw new Fault("bad-config", "a list of Redis servers is empty");
  return { kind: "server", server };
}

/** For people: "Redis 127.0.0.1:6379". */
export function placeName(place: Place): string {
  const names = (servers: readonly ServerAddress[]) => servers.map(addressName).join(", ");
  if (place.kind === "server") return `Redis ${addressName(place.server)}`;
  if (place.kind === "cluster") return `Redis Cluster ${names(place.nodes)}`;
  return `Redis ${place.role === "slave" ? "replica of " : ""}${place.master}, by sentinels ${names(place.sentinels)}`;
}

function addressName({ host, port }: ServerAddress): string {
  if (host.startsWith("/")) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
