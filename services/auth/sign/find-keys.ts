// The keys of a domain: where the configuration says that they are, and what is found there.

import type { KeyObject } from "node:crypto";
import { domainMap } from "../../../shared/map/live-map.ts";
import type { MapSource } from "../../../shared/map/source.ts";
import { isHostName } from "../../../shared/message/domain.ts";
import type { Store } from "../../../shared/store/store.ts";
import type { Signing } from "./config.ts";
import { type KeyPlace, mostKeys } from "./domain-keys.ts";
import { fillPath, readKeyFile } from "./key-file.ts";
import { parseStoredKey, storedKeyName } from "./stored-key.ts";

export interface DomainKey {
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
}

export interface FoundKeys {
  readonly keys: readonly DomainKey[];
  /** Why there is no key, or not each that there should be: selectors, nothing of where files lie. */
  readonly missing: readonly string[];
  /** What an operator should know: files and what is wrong with them. */
  readonly problems: readonly string[];
}

/** Faults as the store does, and only with `use_redis`. */
export function findKeys(domain: string, config: Signing, store: Store): FoundKeys | Promise<FoundKeys> {
  const problems: string[] = [];
  const places = placesOf(domain, config, problems);
  const keys: DomainKey[] = [];
  const missing: string[] = [];
  if (places.length === 0) missing.push("no key");
  const take = (selector: string, key: KeyObject | string | null) => {
    if (key === null) missing.push(`no key s=${selector}`);
    else if (typeof key !== "string") keys.push({ domain, selector, key });
    else {
      missing.push(`key s=${selector} cannot be used`);
      problems.push(key);
    }
  };
  const stored: string[] = [];
  for (const { selector = config.selector, path } of places) {
    if (path === undefined && config.use_redis) stored.push(selector);
    else take(selector, readKeyFile(fillPath(path ?? config.path, domain, selector)));
  }
  if (stored.length === 0) return { keys, missing, problems };
  return Promise.all(
    stored.map(async (selector) => {
      const name = storedKeyName(config.key_prefix, domain, selector);
      const text = await store.get(name);
      return { selector, key: text === undefined ? null : parseStoredKey(name, text) };
    }),
  ).then((found) => {
    for (const { selector, key } of found) take(selector, key);
    return { keys, missing, problems };
  });
}

/** What each part of the configuration adds to what those before it left open. */
function placesOf(domain: string, config: Signing, problems: string[]): readonly KeyPlace[] {
  let places: readonly KeyPlace[] = config.domain.get(domain) ?? config.domain.get("*") ?? [];
  const selectors = mapped(config.selector_map, domain, problems)
    ?.split(/[\s,]+/)
    .filter(isSelector)
    .slice(0, mostKeys);
  if (selectors !== undefined && selectors.length > 0) {
    const [first = ""] = selectors;
    places =
      places.length === 0
        ? selectors.map((selector) => ({ selector }))
        : places.map((place) => ({ selector: first, ...place }));
  }
  const path = mapped(config.path_map, domain, problems);
  if (path !== undefined) places = places.length === 0 ? [{ path }] : places.map((place) => ({ path, ...place }));
  return places.length === 0 && config.try_fallback ? [{}] : places;
}

function isSelector(text: string): boolean {
  return isHostName(text.toLowerCase());
}

/** Undefined for a domain that is not in the map, or has no value there. */
function mapped(source: MapSource, domain: string, problems: string[]): string | undefined {
  if (source.entries.length + source.files.length === 0) return undefined;
  const map = domainMap(source);
  problems.push(...map.takeProblems());
  return map.get(domain) || undefined;
}
