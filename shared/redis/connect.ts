// Connections to Redis through ioredis: where to, as whom, how long it may take. Reconnects by itself, and keeps nothing
// for later: what cannot be asked now fails now.

import type { ConnectionOptions as TlsOptions } from "node:tls";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { Fault } from "../fault.ts";
import { readTlsFiles } from "../tls-files.ts";
import type { ServerAddress } from "../upstream-list.ts";
import type { RedisConfig } from "./config.ts";
import type { Place } from "./place.ts";

export type RedisClient = Redis | Cluster;

/** ms before the first try to connect again; it doubles up to the longest. */
const shortestPause = 50;
const longestPause = 2_000;
/** ms between two looks at which node of a cluster has which keys: a failover elsewhere is seen by then. */
const refreshInterval = 5_000;

/** ms that a server has to say goodbye. */
const disconnectTimeout = 100;

export interface ConnectOptions {
  /** What the server lists the connection as: without blanks. */
  readonly name: string;
  /** Commands wait for the connection instead of failing: for workers of the queue, which have nothing else to do. */
  readonly patient?: boolean;
  /** It does not reconnect: whoever opened it opens another. */
  readonly once?: boolean;
  /** ms that a node of a cluster may leave a command without an answer. Default: the configured time. */
  readonly silence?: number;
}

/** Opens a connection; it is not ready yet. Throws `bad-config` when a file of `tls` cannot be read. */
export function connect(place: Place, config: RedisConfig, options: ConnectOptions): RedisClient {
  const { name, patient = false, once = false, silence = config.timeout } = options;
  const common: RedisOptions = {
    connectionName: name,
    disableClientInfo: true,
    connectTimeout: config.timeout,
    disconnectTimeout,
    ...credentials(config),
    ...tlsOptions(config),
  };
  const retrying: RedisOptions = {
    // A command that was on its way when the connection broke may have been done: it is never sent twice.
    maxRetriesPerRequest: patient ? null : 0,
    autoResendUnfulfilledCommands: patient,
    enableOfflineQueue: patient,
    retryStrategy: once ? () => null : pauseBefore,
    // A server that became a replica while we were connected: the sentinels, or the name, know who is master now.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  };
  if (place.kind === "server") return new Redis({ ...common, ...retrying, ...address(place.server), db: config.db });
  if (place.kind === "sentinels") {
    return new Redis({
      ...common,
      ...retrying,
      ...sentinelOptions(config),
      sentinels: place.sentinels.map(({ host, port }) => ({ host, port })),
      name: place.master,
      role: place.role,
      db: config.db,
      sentinelRetryStrategy: pauseBefore,
      sentinelCommandTimeout: config.timeout,
    });
  }
  return new Cluster(
    place.nodes.map(({ host, port }) => ({ host, port })),
    {
      // A node that is silent is given up, and it alone. (A client of one server is given up by its link.)
      redisOptions: { ...common, ...(patient ? { maxRetriesPerRequest: null } : { socketTimeout: silence }) },
      // Commands for a node wait while it is being connected, at its first use. The link does not wait long.
      enableOfflineQueue: true,
      clusterRetryStrategy: pauseBefore,
      slotsRefreshTimeout: config.timeout,
      slotsRefreshInterval: refreshInterval,
      // The same: a command whose node is gone fails. `patient` clients ask again.
      ...(patient ? {} : { retryDelayOnFailover: 0, retryDelayOnClusterDown: 0 }),
      // Names in certificates, not addresses, when the nodes announce names.
      dnsLookup: (host, callback) => callback(null, host),
    },
  );
}

/**
 * Opens a connection that listens to channels, and that does not reconnect. In a cluster, which `client` knows, any node
 * hears what is told on any other.
 */
export function connectListener(place: Place, config: RedisConfig, client: RedisClient): RedisClient {
  const options = { name: "sluice-changes", once: true };
  if (place.kind !== "cluster") return connect(place, config, options);
  const alive = client instanceof Cluster ? client.nodes("all").map((node) => node.options) : [];
  const known = alive.flatMap(({ host, port }) => (host && port ? [{ host, port, weight: 1 }] : []));
  const nodes = [...known, ...place.nodes];
  const server = nodes[Math.floor(Math.random() * nodes.length)];
  if (server === undefined) throw new Fault("unavailable", "a cluster without nodes");
  return connect({ kind: "server", server }, config, options);
}

function pauseBefore(attempt: number): number {
  return Math.min(longestPause, shortestPause * 2 ** Math.min(attempt, 10)) * (0.75 + Math.random() / 2);
}

function address({ host, port }: ServerAddress): RedisOptions {
  return host.startsWith("/") ? { path: host } : { host, port };
}

function credentials({ username, password }: RedisConfig): RedisOptions {
  if (password === "") return {};
  return username === "" ? { password } : { username, password };
}

function sentinelOptions(config: RedisConfig): RedisOptions {
  const { sentinel_username: username, sentinel_password: password } = config;
  const tls = tlsOptions(config).tls;
  return {
    ...(password === "" ? {} : { sentinelPassword: password }),
    ...(username === "" ? {} : { sentinelUsername: username }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}

function tlsOptions({ tls }: RedisConfig): { tls?: TlsOptions } {
  const { enabled, server_name, verify } = tls;
  if (!enabled) return {};
  const files = readTlsFiles("redis.tls", tls);
  return { tls: { rejectUnauthorized: verify, ...files, ...(server_name === "" ? {} : { servername: server_name }) } };
}
