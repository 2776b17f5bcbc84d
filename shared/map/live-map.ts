// Maps as checks ask them: entries of the configuration and of files together. Files are looked at now and then while
// the map is in use, and read again when they have changed.

import { readAddress } from "../network.ts";
import type { Entry, MapKind } from "./entry.ts";
import { type Content, followFile, type LiveFile } from "./live-file.ts";
import { NetworkTable } from "./network-table.ts";
import type { MapSource } from "./source.ts";

/** Problems of the files as they were read last are handed out once, for the log. */
interface Troubled {
  takeProblems(): readonly string[];
}

interface Live<Part extends Content> extends Troubled {
  /** The last file first, what the configuration itself says last: what comes later counts. */
  parts(): readonly Part[];
}

/** By kind and path. A changed configuration has new sources, and what a file held must outlive it. */
type Followed<Part extends Content> = Map<string, WeakRef<LiveFile<Part>>>;

function follow<Part extends Content>(
  { entries, files }: MapSource,
  kind: MapKind,
  make: () => Part,
  now: () => number,
  known: Followed<Part>,
): Live<Part> {
  let own: Part | undefined;
  const followed = files.toReversed().map((path) => {
    // Each clock of a test is one of its own.
    const old = now === clock ? known.get(`${kind} ${path}`)?.deref() : undefined;
    const file = old ?? followFile(path, kind, make);
    if (now === clock) known.set(`${kind} ${path}`, new WeakRef(file));
    return file;
  });
  return {
    parts() {
      own ??= filled(make(), entries);
      if (followed.length === 0) return [own];
      const time = now();
      return [...followed.map((file) => file.content(time)), own];
    },
    takeProblems: () => followed.flatMap((file) => file.takeProblems()),
  };
}

function filled<Part extends Content>(part: Part, entries: readonly Entry[]): Part {
  for (const [key, value] of entries) part.add(key, value);
  return part;
}

export interface KeyMap extends Troubled {
  /** The value of a key, "" for one without; undefined when it is not in the map. The key is in ASCII and lower case. */
  get(key: string): string | undefined;
  /** Whether nothing is in it. */
  readonly empty: boolean;
}

/** The map of a source; the same one as long as the configuration holds. `now` is a clock in ms, for tests. */
export function domainMap(source: MapSource, now?: () => number): KeyMap {
  return keyMap(source, "domains", now);
}

/** A map whose keys are "user@example.org", "@example.org" and "user". */
export function addressMap(source: MapSource): KeyMap {
  return keyMap(source, "addresses");
}

/** The value of an address, of its domain, or of its user; undefined when none of them is in the map. */
export function lookUpAddress(map: KeyMap, address: string): string | undefined {
  if (map.empty) return undefined;
  const key = address.toLowerCase();
  const at = key.lastIndexOf("@");
  return map.get(key) ?? (at === -1 ? undefined : (map.get(key.slice(at)) ?? map.get(key.slice(0, at))));
}

class KeyTable implements Content {
  readonly values = new Map<string, string>();

  add(key: string, value: string): void {
    this.values.set(key, value);
  }
}

const keyMaps = new WeakMap<MapSource, KeyMap>();
const keyFiles: Followed<KeyTable> = new Map();

function keyMap(source: MapSource, kind: MapKind, now = clock): KeyMap {
  const known = keyMaps.get(source);
  if (known !== undefined) return known;
  const live = follow(source, kind, () => new KeyTable(), now, keyFiles);
  const made: KeyMap = {
    get(key) {
      for (const { values } of live.parts()) {
        const value = values.get(key);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    get empty() {
      return live.parts().every(({ values }) => values.size === 0);
    },
    takeProblems: () => live.takeProblems(),
  };
  keyMaps.set(source, made);
  return made;
}

export interface NetworkMap extends Troubled {
  /** The value of the smallest network that the address lies in; undefined when it lies in none. */
  get(ip: string): string | undefined;
}

const networkMaps = new WeakMap<MapSource, NetworkMap>();
const networkFiles: Followed<NetworkTable> = new Map();

/** A map whose keys are addresses and networks. */
export function networkMap(source: MapSource, now = clock): NetworkMap {
  const known = networkMaps.get(source);
  if (known !== undefined) return known;
  const live = follow(source, "networks", () => new NetworkTable(), now, networkFiles);
  const made: NetworkMap = {
    get(ip) {
      const address = readAddress(ip);
      if (address === null) return undefined;
      let smallest: { readonly bits: number; readonly value: string } | undefined;
      for (const part of live.parts()) {
        const found = part.find(address);
        if (found !== undefined && found.bits > (smallest?.bits ?? -1)) smallest = found;
      }
      return smallest?.value;
    },
    takeProblems: () => live.takeProblems(),
  };
  networkMaps.set(source, made);
  return made;
}

function clock(): number {
  return performance.now();
}
