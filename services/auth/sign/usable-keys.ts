// From a message to the keys that sign it, or to why there are none: for DKIM and ARC alike.

import type { Dns } from "../../../shared/dns/dns.ts";
import type { Log } from "../../../shared/log.ts";
import { networkMap } from "../../../shared/map/live-map.ts";
import { ownText } from "../../../shared/own-text.ts";
import type { Store } from "../../../shared/store/store.ts";
import type { Envelope, Facts } from "../../../shared/task.ts";
import type { Signing } from "./config.ts";
import { type DomainKey, type FoundKeys, findKeys } from "./find-keys.ts";
import { authorsOf, unsignable } from "./going-out.ts";
import { checkPublished } from "./published.ts";
import { chooseDomain } from "./signer.ts";

type Task = { readonly envelope: Envelope } & Pick<Facts, "raw" | "headers" | "structure" | "outgoing">;

export interface Surroundings {
  readonly dns: Dns;
  readonly store: Store;
  readonly log: Log;
}

export interface UsableKeys {
  readonly keys: readonly DomainKey[];
  /** Why it is not signed, or not with each key that there should be. Fit for the options of a symbol. */
  readonly missing: readonly string[];
}

/** Undefined for mail that is not ours to sign. */
export function usableKeys(
  task: Task,
  config: Signing,
  localAddrs: readonly string[],
  around: Surroundings,
): UsableKeys | undefined | Promise<UsableKeys> {
  const { sign_networks } = config;
  if (sign_networks.files.length > 0) {
    for (const problem of networkMap(sign_networks).takeProblems()) logOnce(problem, around.log);
  }
  const choice = chooseDomain({ envelope: task.envelope, authors: authorsOf(task) }, config, localAddrs);
  if (choice === null) return undefined;
  const reason = "refused" in choice ? choice.refused : unsignable(task);
  if ("refused" in choice || reason !== "") return { keys: [], missing: [reason] };
  const { domain } = choice;
  const found = findKeys(domain, config, around.store);
  if (found instanceof Promise) return found.then((keys) => checked(domain, keys, config, around));
  return checked(domain, found, config, around);
}

function checked(
  domain: string,
  { keys, missing, problems }: FoundKeys,
  config: Signing,
  { dns, log }: Surroundings,
): UsableKeys | Promise<UsableKeys> {
  for (const problem of problems) logOnce(problem, log);
  const named = missing.map((reason) => `${domain}: ${reason}`);
  if (!config.check_pubkey || keys.length === 0) return { keys, missing: named };
  return withPublished(keys, named, config, dns, log);
}

async function withPublished(
  keys: readonly DomainKey[],
  missing: readonly string[],
  { allow_pubkey_mismatch }: Signing,
  dns: Dns,
  log: Log,
): Promise<UsableKeys> {
  const answers = await Promise.all(
    keys.map(({ domain, selector, key }) => checkPublished(dns, domain, selector, key)),
  );
  const good: DomainKey[] = [];
  const all = [...missing];
  for (const [at, one] of keys.entries()) {
    const answer = answers[at];
    // Without an answer from the DNS there is no reason to think that anything has changed.
    const stands = answer === undefined || answer.status === "match" || answer.status === "failed";
    if (stands || allow_pubkey_mismatch) good.push(one);
    if (stands) continue;
    all.push(`${one.domain}: the DNS does not have the key s=${one.selector}`);
    logOnce(`${one.selector}._domainkey.${one.domain}: ${answer.reason}`, log);
  }
  return { keys: good, missing: all };
}

/** Problems that were told lately: a broken key concerns each mail of its domain. */
const told = new Map<string, number>();
const mostTold = 1_000;
/** ms */
const tellAgain = 600_000;

function logOnce(problem: string, log: Log): void {
  const now = performance.now();
  if (now - (told.get(problem) ?? Number.NEGATIVE_INFINITY) < tellAgain) return;
  if (told.size >= mostTold) told.clear();
  told.set(ownText(problem), now);
  log.warn({ problem }, "mail is not signed as configured");
}
