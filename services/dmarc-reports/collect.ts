// Results of single messages, added up in the store by day, domain and row. A job that is done twice counts twice, and
// one that broke off is done again: what was noted of it then is not noted a second time.

import { createHash } from "node:crypto";
import type { ReportAddress } from "../../shared/dmarc/report-uri.ts";
import type { DmarcResult, PublishedPolicy, ReportRow } from "../../shared/dmarc/result-job.ts";
import type { Store } from "../../shared/store/store.ts";
import { type Day, dayOf } from "./day.ts";

/** Domains of one day. */
export const mostDomains = 10_000;
/** Workers that find room at the same moment may put in one each. */
const spare = 100;

export interface Limits {
  /** Rows of a domain and day. */
  readonly max_entries: number;
  /** ms to keep. */
  readonly keys_expire: number;
}

/** What a domain wanted when it was seen last. */
export interface Wish {
  readonly published: PublishedPolicy;
  readonly addresses: readonly ReportAddress[];
}

export interface CollectedRow {
  readonly row: ReportRow;
  readonly count: number;
}

export interface Collected extends Wish {
  readonly domain: string;
  readonly rows: readonly CollectedRow[];
  /** Messages of rows for which there was no room. */
  readonly beyond: number;
}

const keys = {
  domains: ({ name }: Day) => `dmarc:domains:${name}`,
  /** Messages of domains for which there was no room. */
  beyondDomains: ({ name }: Day) => `dmarc:beyond:${name}`,
  wish: ({ name }: Day, domain: string) => `dmarc:wish:${name}:${domain}`,
  rows: ({ name }: Day, domain: string) => `dmarc:rows:${name}:${domain}`,
  beyond: ({ name }: Day, domain: string) => `dmarc:beyond:${name}:${domain}`,
  listed: ({ name }: Day, domain: string, row: string) => `dmarc:listed:${name}:${domain}:${row}`,
  count: ({ name }: Day, domain: string, row: string) => `dmarc:count:${name}:${domain}:${row}`,
  sent: ({ name }: Day, domain: string) => `dmarc:sent:${name}:${domain}`,
};

/** Adds one result. Faults of the store pass through: the job is tried again. */
export async function collect(store: Store, result: DmarcResult, limits: Limits): Promise<void> {
  const { policyDomain: domain, published, addresses, row } = result;
  const day = dayOf(result.time);
  const ttl = limits.keys_expire;
  if (!(await noteWish(store, day, domain, JSON.stringify({ published, addresses } satisfies Wish), ttl))) {
    await store.increment(keys.beyondDomains(day), 1, ttl);
    return;
  }
  const written = JSON.stringify(row);
  const name = createHash("sha256").update(written).digest("hex").slice(0, 32);
  if (!(await noteRow(store, day, domain, name, written, limits))) {
    await store.increment(keys.beyond(day, domain), 1, ttl);
    return;
  }
  await store.increment(keys.count(day, domain, name), 1, ttl);
}

/** Lists a domain and what it wants. Answers whether there is room for it. */
async function noteWish(store: Store, day: Day, domain: string, wish: string, ttl: number): Promise<boolean> {
  const known = await store.get(keys.wish(day, domain));
  if (known === wish) return true;
  if (known === undefined) {
    if ((await store.length(keys.domains(day))) >= mostDomains - spare) return false;
    await store.push(keys.domains(day), domain, mostDomains, ttl);
  }
  await store.set(keys.wish(day, domain), wish, ttl);
  return true;
}

/** Lists a row. Answers whether there is room for it. */
async function noteRow(
  store: Store,
  day: Day,
  domain: string,
  name: string,
  row: string,
  { max_entries, keys_expire }: Limits,
): Promise<boolean> {
  const listed = keys.listed(day, domain, name);
  if ((await store.get(listed)) !== undefined) return true;
  const list = keys.rows(day, domain);
  if ((await store.length(list)) >= max_entries) return false;
  await store.push(list, `${name} ${row}`, max_entries + spare, keys_expire);
  // Last: whoever breaks off before lists it again, and the reader takes it once.
  await store.set(listed, "", keys_expire);
  return true;
}

/** Names of the domains with results of a day, in order. */
export async function domainsOf(store: Store, day: Day): Promise<readonly string[]> {
  return [...new Set(await store.range(keys.domains(day), 0, mostDomains))].sort();
}

/** Messages of a day that are in no report because there were too many domains. */
export async function beyondDomains(store: Store, day: Day): Promise<number> {
  return Number((await store.get(keys.beyondDomains(day))) ?? 0);
}

/** All results of a domain and day; undefined when there are none. The rows with most messages come first. */
export async function collectedOf(store: Store, day: Day, domain: string): Promise<Collected | undefined> {
  const wish = await store.get(keys.wish(day, domain));
  if (wish === undefined) return undefined;
  const lines = await store.range(keys.rows(day, domain), 0, 10_000);
  const rows = new Map<string, CollectedRow>();
  for (const line of lines) {
    const blank = line.indexOf(" ");
    const name = line.slice(0, blank);
    if (rows.has(name)) continue;
    const count = Number((await store.get(keys.count(day, domain, name))) ?? 0);
    // Both were written by `collect`.
    if (count > 0) rows.set(name, { row: JSON.parse(line.slice(blank + 1)) as ReportRow, count });
  }
  const beyond = Number((await store.get(keys.beyond(day, domain))) ?? 0);
  const { published, addresses } = JSON.parse(wish) as Wish;
  const ordered = [...rows].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  return { domain, published, addresses, rows: ordered.map(([, row]) => row), beyond };
}

export async function wasSent(store: Store, day: Day, domain: string): Promise<boolean> {
  return (await store.get(keys.sent(day, domain))) !== undefined;
}

export async function noteSent(store: Store, day: Day, domain: string, ttl: number): Promise<void> {
  await store.set(keys.sent(day, domain), "", ttl);
}
