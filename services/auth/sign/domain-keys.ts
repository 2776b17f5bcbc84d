// `domain` of the configuration: where the keys of each domain are.

import type { Notes } from "../../../shared/config/schema.ts";
import type { Ucl } from "../../../shared/config/ucl.ts";
import { asciiHost, isHostName } from "../../../shared/message/domain.ts";
import { fillPath, readKeyFile } from "./key-file.ts";

/** Where a key is. What is absent is for other parts of the configuration to say. */
export interface KeyPlace {
  readonly selector?: string;
  /** With $domain and $selector. */
  readonly path?: string;
}

/** By domain; "*" for all others. */
export type DomainKeys = ReadonlyMap<string, readonly KeyPlace[]>;

/** Keys of one domain: each makes a signature of its own. */
export const mostKeys = 8;

type Table = { readonly [key: string]: Ucl };

function isTable(value: Ucl | undefined): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function parseDomains(value: Ucl, notes: Notes): DomainKeys | Error {
  if (!isTable(value)) return new Error("must be a section: a domain and its keys");
  const domains = new Map<string, readonly KeyPlace[]>();
  for (const [name, given] of Object.entries(value)) {
    const domain = name === "*" ? name : asciiHost(name);
    if (domain !== "*" && !isHostName(domain)) notes.error([name], "is no domain");
    else if (!isTable(given)) notes.error([name], "must be a section: path and selector, or selectors");
    else domains.set(domain, readPlaces(domain, given, name, notes));
  }
  return domains;
}

/** A path beside `selectors` is that of each which has none of its own. */
function readPlaces(domain: string, given: Table, name: string, notes: Notes): readonly KeyPlace[] {
  const { selectors, ...own } = given;
  const places: KeyPlace[] = [];
  const inherited = own.selector === undefined && typeof own.path === "string" ? { path: own.path } : {};
  if (selectors === undefined || own.selector !== undefined) places.push(...readPlace(domain, own, [name], notes));
  if (selectors === undefined) return places;
  const list = Array.isArray(selectors) ? selectors : [selectors];
  if (places.length + list.length > mostKeys) notes.error([name], `has more than ${mostKeys} keys`);
  for (const [index, one] of list.slice(0, mostKeys).entries()) {
    const path = Array.isArray(selectors) ? [name, "selectors", index] : [name, "selectors"];
    if (isTable(one)) places.push(...readPlace(domain, { ...inherited, ...one }, path, notes));
    else notes.error(path, "must be a section: path and selector");
  }
  return places;
}

function readPlace(domain: string, given: Table, at: readonly (string | number)[], notes: Notes): readonly KeyPlace[] {
  const { selector, path, ...others } = given;
  for (const other of Object.keys(others)) notes.error([...at, other], "is not known: there are path and selector");
  if (selector !== undefined && (typeof selector !== "string" || !isHostName(selector.toLowerCase()))) {
    notes.error([...at, "selector"], "is no selector: letters, digits, -");
    return [];
  }
  if (path !== undefined && typeof path !== "string") {
    notes.error([...at, "path"], "must be a text");
    return [];
  }
  if (path !== undefined) checkFile(domain, selector, path, [...at, "path"], notes);
  return [{ ...(selector === undefined ? {} : { selector }), ...(path === undefined ? {} : { path }) }];
}

/** Says at once what signing would find out later. Whose names are not certain yet are left to signing. */
function checkFile(
  domain: string,
  selector: string | undefined,
  path: string,
  at: readonly (string | number)[],
  notes: Notes,
): void {
  if (path.includes("$domain") && domain === "*") return;
  if (path.includes("$selector") && selector === undefined) return;
  const file = fillPath(path, domain, selector ?? "");
  const key = readKeyFile(file);
  // Where other roles than `auth` run there need be no keys.
  if (key === null) notes.warn(at, `is not there: ${file}. Mail is not signed with it`);
  else if (typeof key === "string") notes.error(at, key);
}

export function printDomains(domains: DomainKeys): Ucl {
  return Object.fromEntries(
    [...domains].map(([domain, places]) => [domain, { selectors: places.map((place) => ({ ...place })) }]),
  );
}
