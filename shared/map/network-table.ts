// Networks with values, found by an address in as many steps as there are lengths of prefixes, however many there are.

import { type Address, readNetwork } from "../network.ts";

export class NetworkTable {
  /** By length of the prefix: the prefix, one character for 16 bits, to the value. */
  readonly #byBits = new Map<number, Map<string, string>>();
  /** Lengths, the longest first. */
  #lengths: readonly number[] = [];

  /** Of a network that is there already the value changes. What is no network is left out. */
  add(key: string, value: string): void {
    const network = readNetwork(key);
    if (network instanceof Error) return;
    const { address, bits } = network;
    let prefixes = this.#byBits.get(bits);
    if (prefixes === undefined) {
      prefixes = new Map();
      this.#byBits.set(bits, prefixes);
      this.#lengths = [...this.#byBits.keys()].sort((a, b) => b - a);
    }
    prefixes.set(prefixOf(address, bits), value);
  }

  /** The smallest network that an address lies in. */
  find(address: Address): { readonly bits: number; readonly value: string } | undefined {
    for (const bits of this.#lengths) {
      const value = this.#byBits.get(bits)?.get(prefixOf(address, bits));
      if (value !== undefined) return { bits, value };
    }
    return undefined;
  }
}

function prefixOf(address: Address, bits: number): string {
  let prefix = "";
  for (let group = 0; group * 16 < bits; group++) {
    const unused = Math.max(16 - (bits - group * 16), 0);
    prefix += String.fromCharCode(((address[group] ?? 0) >> unused) << unused);
  }
  return prefix;
}
