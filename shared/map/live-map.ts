// Maps as checks ask them: entries of the configuration and of files together. Files are looked at now and then while
// the map is in use, and read again when they have changed.

import { stampOf } from "../config/files.ts";
import { contains, type Network, readAddress, readNetwork } from "../network.ts";
import type { Entry, MapKind } from "./entry.ts";
import { readMapFile } from "./file.ts";
import type { MapSource } from "./source.ts";

/** ms between two looks at the files. */
const lookEvery = 5_000;

/** What changes with the files. */
class Live<Content> {
  readonly #source: MapSource;
  readonly #kind: MapKind;
  readonly #make: (entries: readonly Entry[]) => Content;
  readonly #stamps = new Map<string, string>();
  #content: Content | undefined;
  #looked = Number.NEGATIVE_INFINITY;
  #problems: readonly string[] = [];

  constructor(source: MapSource, kind: MapKind, make: (entries: readonly Entry[]) => Content) {
    this.#source = source;
    this.#kind = kind;
    this.#make = make;
  }

  content(now: number): Content {
    const isDue = this.#source.files.length > 0 && now - this.#looked >= lookEvery;
    if (this.#content !== undefined && !(isDue && this.#hasChanged())) {
      if (isDue) this.#looked = now;
      return this.#content;
    }
    this.#looked = now;
    const entries = [...this.#source.entries];
    const problems: string[] = [];
    for (const file of this.#source.files) {
      // Before reading: what is written meanwhile is seen by the next look.
      this.#stamps.set(file, stamp(file));
      const read = readMapFile(file, this.#kind);
      for (const entry of read.entries) entries.push(entry);
      problems.push(...read.problems);
    }
    this.#problems = problems;
    this.#content = this.#make(entries);
    return this.#content;
  }

  #hasChanged(): boolean {
    return this.#source.files.some((file) => this.#stamps.get(file) !== stamp(file));
  }

  takeProblems(): readonly string[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }
}

function stamp(file: string): string {
  try {
    return stampOf(file);
  } catch {
    // A folder on the way that may not be entered.
    return "";
  }
}

/** Problems of the files as they were read last are handed out once, for the log. */
interface Troubled {
  takeProblems(): readonly string[];
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
export function addressMap(source: MapSource, now?: () => number): KeyMap {
  return keyMap(source, "addresses", now);
}

/** The value of an address, of its domain, or of its user; undefined when none of them is in the map. */
export function lookUpAddress(map: KeyMap, address: string): string | undefined {
  if (map.empty) return undefined;
  const key = address.toLowerCase();
  const at = key.lastIndexOf("@");
  return map.get(key) ?? (at === -1 ? undefined : (map.get(key.slice(at)) ?? map.get(key.slice(0, at))));
}

const keyMaps = new WeakMap<MapSource, KeyMap>();

function keyMap(source: MapSource, kind: MapKind, now = clock): KeyMap {
  const known = keyMaps.get(source);
  if (known !== undefined) return known;
  const live = new Live(source, kind, (entries) => new Map(entries));
  const made: KeyMap = {
    get: (key) => live.content(now()).get(key),
    get empty() {
      return live.content(now()).size === 0;
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

/** A map whose keys are addresses and networks. */
export function networkMap(source: MapSource, now = clock): NetworkMap {
  const known = networkMaps.get(source);
  if (known !== undefined) return known;
  const live = new Live(source, "networks", networksOf);
  const made: NetworkMap = {
    get(ip) {
      const address = readAddress(ip);
      if (address === null) return undefined;
      return live.content(now()).find(([network]) => contains(network, address))?.[1];
    },
    takeProblems: () => live.takeProblems(),
  };
  networkMaps.set(source, made);
  return made;
}

/** The smallest first. */
function networksOf(entries: readonly Entry[]): readonly (readonly [Network, string])[] {
  const networks: (readonly [Network, string])[] = [];
  for (const [key, value] of entries) {
    const network = readNetwork(key);
    if (!(network instanceof Error)) networks.push([network, value]);
  }
  return networks.sort(([a], [b]) => b.bits - a.bits);
}

function clock(): number {
  return performance.now();
}
