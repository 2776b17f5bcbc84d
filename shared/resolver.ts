// The resolver of a process: a cache with limits in front of the site's name servers, shared by all actors.

import { unwatchFile, watchFile } from "node:fs";
import type { ConfigOf } from "./check.ts";
import type { LiveConfig } from "./config/live.ts";
import { AnswerCache } from "./dns/cache.ts";
import { type AnswerSource, CheckDns } from "./dns/check-dns.ts";
import type { DnsAnswer, DnsTask, MeasuredDns, RecordData, RecordType, Resolver } from "./dns/dns.ts";
import { type FakeRecords, fakeAnswers, questionKey } from "./dns/fake-records.ts";
import { Flight } from "./dns/flight.ts";
import { NameServers, systemServers } from "./dns/name-servers.ts";
import { failed } from "./dns/reply-answer.ts";
import type { Soon } from "./dns/steps.ts";
import { Watch } from "./dns/watch.ts";
import type { Log } from "./log.ts";
import { optionsConfig } from "./options.ts";
import type { Upstream, UpstreamLimits } from "./upstream.ts";
import type { ServerList } from "./upstream-list.ts";

export interface ResolverOptions {
  readonly config: LiveConfig;
  readonly log: Log;
  /** Default: /etc/resolv.conf. */
  readonly resolvConf?: string;
  /** ms, of a clock that never goes back; for the cache. */
  readonly now?: () => number;
}

export interface OpenResolver extends Resolver {
  /** Whoever waits is answered with a failure. */
  close(): void;
}

/** Queries on their way at once. 64 scans of 60 queries each are half of it. */
const maxFlights = 8_192;

/** ms between two looks at resolv.conf: DHCP and VPNs rewrite it. */
const resolvConfPause = 10_000;

type Landed = (answer: DnsAnswer<RecordData[RecordType]>) => void;

interface Shared {
  readonly flight: { abandon(): void };
  readonly waiting: Landed[];
}

const tooLate = failed("deadline");
const noServer = failed("no name server");
const silent = failed("no name server answers");
const crowded = failed("too many queries at once");

export function openResolver(options: ResolverOptions): OpenResolver {
  return new SharedResolver(options);
}

class SharedResolver implements OpenResolver, AnswerSource {
  readonly #config: LiveConfig;
  readonly #log: Log;
  readonly #resolvConf: string;
  readonly #now: () => number;
  readonly #flights = new Map<string, Shared>();
  /** Who waits, by the deadline of the task: one listener for all, for each costs as much as the rest of a query. */
  readonly #hurried = new WeakMap<AbortSignal, Landed[]>();
  readonly #cache: AnswerCache;
  readonly #forget: () => void;
  readonly #look = () => this.#configure();
  readonly #tell = ({ host, port }: Upstream, isAlive: boolean) => {
    if (isAlive) this.#log.info({ server: host, port }, "the name server answers again");
    else this.#log.warn({ server: host, port }, "the name server does not answer: others are asked first for a while");
  };
  #servers: NameServers | undefined;
  #watch: Watch | undefined;
  /** What `#servers` was made from. */
  #made = "";
  #fake: FakeRecords = new Map();
  #plan = { timeout: 0, retransmits: 0, dnssec: false };
  limits = { check: 0, task: 0 };

  constructor({ config, log, resolvConf = "/etc/resolv.conf", now = () => performance.now() }: ResolverOptions) {
    this.#config = config;
    this.#log = log;
    this.#resolvConf = resolvConf;
    this.#now = now;
    this.#cache = new AnswerCache({ size: 0, minTtl: 0, maxTtl: 0, negativeTtl: 0, failureTtl: 0 });
    this.#configure();
    this.#forget = config.onChange(this.#look);
    watchFile(resolvConf, { interval: resolvConfPause, persistent: false }, this.#look);
  }

  dnsFor(task: DnsTask): MeasuredDns {
    return new CheckDns(this, task);
  }

  known<Type extends RecordType>(name: string, type: Type): DnsAnswer<RecordData[Type]> | undefined {
    const key = questionKey(name, type);
    // What is kept for a type is an answer of that type: so `#land` and the reader of the configuration put it there.
    return (this.#fake.get(key) ?? this.#cache.get(key, this.#now())) as DnsAnswer<RecordData[Type]> | undefined;
  }

  /** Asks the name servers, or waits with whoever asked them first. */
  fetch<Type extends RecordType>(name: string, type: Type, signal: AbortSignal): Soon<DnsAnswer<RecordData[Type]>> {
    if (signal.aborted) return tooLate;
    if (this.#watch?.isSilent === true) return silent;
    const key = questionKey(name, type);
    const shared = this.#flights.get(key) ?? this.#depart(key, name, type);
    if (!("waiting" in shared)) return shared;
    return new Promise((resolve) => {
      // Landing brings an answer of the type that was asked for. Whichever comes first counts.
      const land = resolve as Landed;
      shared.waiting.push(land);
      this.#hurriedBy(signal).push(land);
    });
  }

  #hurriedBy(signal: AbortSignal): Landed[] {
    const known = this.#hurried.get(signal);
    if (known !== undefined) return known;
    const waiting: Landed[] = [];
    this.#hurried.set(signal, waiting);
    signal.addEventListener("abort", () => landAll(waiting, tooLate), { once: true });
    return waiting;
  }

  close(): void {
    this.#forget();
    unwatchFile(this.#resolvConf, this.#look);
    for (const [key, { flight }] of this.#flights) {
      flight.abandon();
      this.#land(key, failed("closed"));
    }
    this.#watch?.close();
    this.#servers?.close();
    this.#servers = undefined;
  }

  #depart<Type extends RecordType>(key: string, name: string, type: Type): Shared | ReturnType<typeof failed> {
    if (this.#servers === undefined) return noServer;
    if (this.#flights.size >= maxFlights) return crowded;
    const servers = this.#servers;
    const flight = new Flight(name, type, { ...this.#plan, servers }, ({ answer, ttl }) => {
      // Servers that were replaced meanwhile speak of another world.
      const kept = servers === this.#servers ? this.#cache.put(key, answer, ttl, this.#now()) : 0;
      if (answer.status === "failed") this.#watch?.look();
      this.#land(key, answer.status === "found" ? { ...answer, ttl: Math.floor(kept / 1000) } : answer);
    });
    const shared: Shared = { flight, waiting: [] };
    this.#flights.set(key, shared);
    // Not before somebody waits for it.
    queueMicrotask(() => flight.start());
    return shared;
  }

  #land(key: string, answer: DnsAnswer<RecordData[RecordType]>): void {
    const waiting = this.#flights.get(key)?.waiting ?? [];
    this.#flights.delete(key);
    landAll(waiting, answer);
  }

  #configure(): void {
    const { dns, dns_max_requests, upstream } = this.#config.get(optionsConfig).options;
    this.#plan = { timeout: dns.timeout, retransmits: dns.retransmits, dnssec: dns.enable_dnssec };
    this.limits = { check: dns_max_requests, task: dns.max_requests_task };
    this.#fake = fakeAnswers(dns.fake_records);
    this.#cache.limits = {
      size: dns.cache_size,
      minTtl: dns.cache_min_ttl,
      maxTtl: dns.cache_max_ttl,
      negativeTtl: dns.cache_negative_ttl,
      failureTtl: dns.cache_failure_ttl,
    };
    const list: ServerList | undefined = dns.nameserver ?? systemServers(this.#resolvConf);
    const made = JSON.stringify([list ?? null, dns.sockets, upstream, dns.enable_dnssec]);
    if (made !== this.#made) this.#replaceServers(list, dns.sockets, upstreamLimitsOf(upstream));
    this.#made = made;
    this.#watch?.close();
    this.#watch = this.#servers && new Watch({ ...this.#plan, servers: this.#servers });
  }

  #replaceServers(list: ServerList | undefined, sockets: number, limits: UpstreamLimits): void {
    this.#servers?.close();
    // Other servers may see another world (split horizon): what the old ones said is not theirs.
    this.#cache.clear();
    this.#servers = list && new NameServers(list, sockets, { limits, onChange: this.#tell });
    if (list === undefined) {
      this.#log.warn(`there is no name server in ${this.#resolvConf}: every DNS query fails (options.dns.nameserver)`);
    }
  }
}

function landAll(waiting: readonly Landed[], answer: DnsAnswer<RecordData[RecordType]>): void {
  for (const land of waiting) land(answer);
}

function upstreamLimitsOf(upstream: ConfigOf<typeof optionsConfig>["options"]["upstream"]): UpstreamLimits {
  return {
    maxErrors: upstream.max_errors,
    errorTime: upstream.error_time,
    reviveTime: upstream.revive_time,
    resolveTime: upstream.lazy_resolve_time,
    resolvePause: upstream.resolve_min_interval,
  };
}
