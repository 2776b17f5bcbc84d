// What is kept of a mail that was learned: its tokens, and how much it added to each of them. Some 1.5 KB for an average
// mail. Tokens are hashes, so no mail can be read from them.
//
//   u16  strength: what was added to the counters, 0 before it was weighed
//   u8   how often the table had been halved by then
//   u16  number of tokens
//   u8   k
//   then the gaps between the sorted tokens in Golomb-Rice code: gap >> k in ones and a zero, then k bits

import { Fault } from "../../shared/fault.ts";
import { mostTokens, tokenBits } from "./token-set.ts";

export interface Features {
  readonly strength: number;
  readonly halvings: number;
  /** Sorted, each once. */
  readonly tokens: Uint32Array;
}

export const strengthBits = 16;
export const strongest = 2 ** strengthBits - 1;
const head = 6;
const tokenNumbers = 2 ** tokenBits;

export function writeFeatures({ strength, halvings, tokens }: Features): Uint8Array {
  const k = Math.max(0, Math.floor(Math.log2(tokenNumbers / (tokens.length + 1))) - 1);
  const bits = new BitWriter(head + Math.ceil((tokens.length * (k + 6)) / 8) + 16);
  let before = -1;
  for (const token of tokens) {
    const gap = token - before - 1;
    bits.ones(gap >>> k);
    bits.put(gap & ((1 << k) - 1), k);
    before = token;
  }
  const bytes = bits.bytes.slice(0, Math.ceil(bits.at / 8));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, strength);
  view.setUint8(2, halvings & 0xff);
  view.setUint16(3, tokens.length);
  view.setUint8(5, k);
  return bytes;
}

/** `bad-input` when the bytes are no features. */
export function readFeatures(bytes: Uint8Array): Features {
  if (bytes.length < head) throw broken();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(3);
  const k = view.getUint8(5);
  if (count > mostTokens || k > tokenBits) throw broken();
  const tokens = new Uint32Array(count);
  const end = bytes.length * 8;
  const mostHigh = tokenNumbers >>> k;
  let at = head * 8;
  let before = -1;
  for (let i = 0; i < count; i++) {
    let high = 0;
    let word = wordAt(bytes, at);
    let ones = Math.clz32(~word);
    // What is behind the last byte reads as zeros, so this ends.
    for (; ones >= wordBits; word = wordAt(bytes, at), ones = Math.clz32(~word)) {
      high += wordBits;
      at += wordBits;
    }
    high += ones;
    at += ones + 1;
    if (ones + 1 + k <= wordBits) word <<= ones + 1;
    else word = wordAt(bytes, at);
    at += k;
    if (at > end || high > mostHigh) throw broken();
    const token = before + 1 + (high << k) + (k === 0 ? 0 : word >>> (32 - k));
    if (token >= tokenNumbers) throw broken();
    tokens[i] = token;
    before = token;
  }
  return { strength: view.getUint16(0), halvings: view.getUint8(2), tokens };
}

/** What was added to the counters: to see that it is nothing, no token need be read. */
export function strengthIn(bytes: Uint8Array): number {
  if (bytes.length < head) throw broken();
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

/** The same features with another strength. */
export function withStrength(bytes: Uint8Array, strength: number, halvings: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint16(0, strength);
  view.setUint8(2, halvings & 0xff);
  return copy;
}

function broken(): Fault {
  return new Fault("bad-input", "these are no features of a mail");
}

class BitWriter {
  bytes: Uint8Array<ArrayBuffer>;
  /** Bits from the start. */
  at = head * 8;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** So many ones, and a zero. */
  ones(count: number): void {
    let left = count;
    for (; left >= 16; left -= 16) this.put(0xffff, 16);
    this.put((1 << (left + 1)) - 2, left + 1);
  }

  /** At most 25 bits. */
  put(value: number, count: number): void {
    let byte = this.at >>> 3;
    if (byte + 4 >= this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    // From the first free bit of this byte on; what is behind is zero.
    let word = (value << (32 - count - (this.at & 7))) >>> 0;
    for (; word !== 0; word = (word << 8) >>> 0) {
      this.bytes[byte] = (this.bytes[byte] ?? 0) | (word >>> 24);
      byte++;
    }
    this.at += count;
  }
}

/** Bits that can be read of a word at once, wherever in a byte it begins. */
const wordBits = 25;

/** The bits from this one on, the first of them the highest. */
function wordAt(bytes: Uint8Array, at: number): number {
  const byte = at >>> 3;
  const word =
    ((bytes[byte] ?? 0) << 24) |
    ((bytes[byte + 1] ?? 0) << 16) |
    ((bytes[byte + 2] ?? 0) << 8) |
    (bytes[byte + 3] ?? 0);
  return word << (at & 7);
}
