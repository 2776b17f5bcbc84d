// Upstreams: several servers that do the same work. One is chosen for each request; those that fail are left out for a
// while, and where all have failed all are tried.

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { Rotation, ServerAddress, ServerList } from "./upstream-list.ts";
import { type Chance, choose } from "./upstream-rotation.ts";

export interface UpstreamLimits {
  /** So many failures in a row ... */
  readonly maxErrors: number;
  /** ... within so many ms take a server out ... */
  readonly errorTime: number;
  /** ... for so many ms, a tenth more or less. The first failure after that takes it out again. */
  readonly reviveTime: number;
  /** ms after which a name is looked up again, a tenth more or less; the old addresses hold until the new are there. */
  readonly resolveTime: number;
  /** ms that lie at least between two lookups of a name whose server fails. */
  readonly resolvePause: number;
}

/** Rspamd's (R 6). */
export const upstreamLimits: UpstreamLimits = {
  maxErrors: 4,
  errorTime: 10_000,
  reviveTime: 60_000,
  resolveTime: 3_600_000,
  resolvePause: 60_000,
};

export interface UpstreamOptions {
  readonly limits?: UpstreamLimits;
  /** ms, of a clock that never goes back. */
  readonly now?: () => number;
  /** 0 up to 1. */
  readonly random?: () => number;
  /** Addresses of a name; rejects, or answers with none, when it has none. Default: the system's. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Told when a server is taken out, and when it has answered again. */
  readonly onChange?: (upstream: Upstream, isAlive: boolean) => void;
}

type Settings = Required<UpstreamOptions>;

/** One server and how it fares. */
export class Upstream {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** Of the smooth weighted rotation, and of nobody else. */
  credit = 0;
  #errors = 0;
  #firstError = 0;
  #deadUntil = Number.NEGATIVE_INFINITY;
  /** It was taken out and has not answered since. */
  #isOut = false;
  #addresses: readonly string[];
  #turn = 0;
  #staleAt = 0;
  #resolvedAt = Number.NEGATIVE_INFINITY;
  #resolving: Promise<string> | undefined;
  readonly #settings: Settings;

  constructor({ host, port, weight }: ServerAddress, settings: Settings) {
    this.host = host;
    this.port = port;
    this.weight = weight;
    this.#settings = settings;
    this.#addresses = isFixed(host) ? [host] : [];
    this.#staleAt = isFixed(host) ? Number.POSITIVE_INFINITY : 0;
  }

  get isAlive(): boolean {
    return this.#settings.now() >= this.#deadUntil;
  }

  /** Where to connect to: an address, or a path. A promise only until the name of the host has been looked up once; it
   *  rejects when the name has no address. */
  address(): string | Promise<string> {
    const [first] = this.#addresses;
    if (first === undefined) return this.#lookUp();
    if (this.#settings.now() >= this.#staleAt) this.#lookUp().catch(() => {});
    return this.#addresses[this.#turn % this.#addresses.length] ?? first;
  }

  /** It has answered. */
  succeeded(): void {
    this.#errors = 0;
    if (!this.#isOut) return;
    this.#isOut = false;
    this.#deadUntil = Number.NEGATIVE_INFINITY;
    this.#settings.onChange(this, true);
  }

  /** It could not be reached, or did not answer in time, or made no sense. */
  failed(): void {
    const { now, random, limits, onChange } = this.#settings;
    const time = now();
    if (this.#errors === 0 || time - this.#firstError > limits.errorTime) {
      this.#errors = 0;
      this.#firstError = time;
    }
    this.#errors += 1;
    this.#turn += 1;
    if (this.#errors >= limits.maxErrors || (this.#isOut && time >= this.#deadUntil)) {
      this.#deadUntil = time + limits.reviveTime * (0.9 + random() * 0.2);
      this.#errors = 0;
      if (!this.#isOut) onChange(this, false);
      this.#isOut = true;
    }
    if (!isFixed(this.host) && time - this.#resolvedAt >= limits.resolvePause) this.#staleAt = time;
  }

  #lookUp(): Promise<string> {
    this.#resolving ??= this.#fetch().finally(() => {
      this.#resolving = undefined;
    });
    return this.#resolving;
  }

  async #fetch(): Promise<string> {
    const { now, random, limits, resolve } = this.#settings;
    this.#resolvedAt = now();
    // Whatever comes of it, the next lookup has time: the addresses that are known stay in use until then.
    this.#staleAt = this.#resolvedAt + limits.resolvePause;
    const addresses = await resolve(this.host);
    const [first] = addresses;
    if (first === undefined) throw new Error(`${this.host} has no address`);
    this.#addresses = addresses;
    this.#staleAt = this.#resolvedAt + limits.resolveTime * (0.9 + random() * 0.2);
    return first;
  }
}

function isFixed(host: string): boolean {
  return isIP(host) !== 0 || host.startsWith("/");
}

async function resolveBySystem(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** A list of servers, of which its rotation chooses (upstream-rotation.ts). */
export class Upstreams {
  readonly all: readonly Upstream[];
  readonly rotation: Rotation;
  readonly #chance: Chance;

  constructor({ rotation, servers }: ServerList, options: UpstreamOptions = {}) {
    const settings: Settings = {
      limits: options.limits ?? upstreamLimits,
      now: options.now ?? (() => performance.now()),
      random: options.random ?? Math.random,
      resolve: options.resolve ?? resolveBySystem,
      onChange: options.onChange ?? (() => {}),
    };
    this.rotation = rotation;
    this.all = servers.map((server) => new Upstream(server, settings));
    this.#chance = { random: settings.random, next: 0 };
  }

  /** Whether one is alive. Where none is, the next request may as well be given up sooner. */
  get isAlive(): boolean {
    return this.all.some((upstream) => upstream.isAlive);
  }

  /**
   * The server for the next request; `tried` are those that this request has failed with. The living first; then, as a
   * last hope, the dead. Undefined when all have been tried. `key` is for the rotation `hash`.
   */
  pick(key = "", tried?: ReadonlySet<Upstream>): Upstream | undefined {
    const [only] = this.all;
    if (this.all.length === 1 && only !== undefined) return tried?.has(only) ? undefined : only;
    const left = this.all.filter((upstream) => !tried?.has(upstream));
    const alive = left.filter((upstream) => upstream.isAlive);
    return choose(this.rotation, alive.length > 0 ? alive : left, key, this.#chance);
  }
}
