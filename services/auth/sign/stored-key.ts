// Private keys in the store, by domain and selector: for sites with many domains, and those of several machines.

import type { KeyObject } from "node:crypto";
import { toFault } from "../../../shared/fault.ts";
import { parsePrivateKey } from "./private-key.ts";

const mostKept = 2_000;
/** By the text itself: reading a key costs more than signing with it. */
const kept = new Map<string, KeyObject>();

/** As in the DNS, where one name cannot be that of two keys. Domain and selector are host names. */
export function storedKeyName(prefix: string, domain: string, selector: string): string {
  return `${prefix}:${selector.toLowerCase()}._domainkey.${domain}`;
}

/** The key; a text, with its name in it, is why it cannot be used. */
export function parseStoredKey(name: string, text: string): KeyObject | string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  let key: KeyObject;
  try {
    key = parsePrivateKey(text);
  } catch (thrown) {
    return `${name} in the store: ${toFault(thrown).message}`;
  }
  for (const oldest of kept.keys()) {
    if (kept.size < mostKept) break;
    kept.delete(oldest);
  }
  kept.set(text, key);
  return key;
}
