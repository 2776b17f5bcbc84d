// A resolver in front of a test's name server, and a check that asks it.

import type { TestContext } from "node:test";
import { configOf } from "../config/live.ts";
import { silent } from "../log.ts";
import { optionsConfig } from "../options.ts";
import { type OpenResolver, openResolver, type ResolverOptions } from "../resolver.ts";
import type { DnsAnswer, DnsTask, RecordData, RecordType } from "./dns.ts";
import { type ZoneServer, type ZoneServerOptions, zoneServerFor } from "./zone-server.testing.ts";

export function task(signal = new AbortController().signal): DnsTask {
  return { signal, queries: 0 };
}

/** Records, or a word: "no-name", "no-record", "failed: timeout". */
export type Ask = (name: string, type: RecordType) => Promise<unknown>;

export function short(answer: DnsAnswer<RecordData[RecordType]>): unknown {
  if (answer.status === "found") return answer.records;
  return answer.status === "failed" ? `failed: ${answer.reason}` : answer.status;
}

/** `keys` of `options.dns`. Closed when the test is over. */
export function resolverFor(context: TestContext, keys: string, more: Partial<ResolverOptions> = {}): OpenResolver {
  const config = configOf(optionsConfig, `options { dns { ${keys} } }`);
  const resolver = openResolver({ config, log: silent, resolvConf: "/nowhere", ...more });
  context.after(() => resolver.close());
  return resolver;
}

/** For each query another check of another task. */
export function askOf(resolver: OpenResolver): Ask {
  return async (name, type) => short(await resolver.dnsFor(task()).query(name, type));
}

export interface DnsSite {
  readonly server: ZoneServer;
  readonly resolver: OpenResolver;
  readonly ask: Ask;
  /** Lets so many ms go by, on the clock of the cache. */
  pass(ms: number): void;
}

/** A name server with these lines and a resolver that asks only it. `keys` of `options.dns`. */
export async function startSite(
  context: TestContext,
  zone: readonly string[],
  options: ZoneServerOptions = {},
  keys = "",
): Promise<DnsSite> {
  const server = await zoneServerFor(context, { zone, ...options });
  let now = 0;
  const resolver = resolverFor(context, `nameserver = "${server.address}"; ${keys}`, { now: () => now });
  return {
    server,
    resolver,
    ask: askOf(resolver),
    pass(ms) {
      now += ms;
    },
  };
}

/** Queries that a server has had. */
export function countOf(server: ZoneServer, over: "udp" | "tcp" = "udp"): number {
  return server.asked.filter((asked) => asked.over === over).length;
}
