// Bzip2: an own decoder. Blocks of up to 900,000 bytes, each sorted (Burrows-Wheeler), moved to front, packed with
// several Huffman tables. Check sums are not looked at: neither do readers who want the content.

import type { Unpacked } from "./archive.ts";
import { standsAt } from "./bytes.ts";
import type { Budget } from "./limits.ts";
import { lzmaRoom } from "./lzma.ts";

/** Thrown within this file only, where the input makes no sense. */
const broken = new Error("broken bzip2");

/** Bits that are looked up at once. */
const lookBits = 10;

class Bits {
  readonly #bytes: Uint8Array;
  #at = 4;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 24 bits, the highest first. */
  take(count: number): number {
    const value = this.look(count);
    this.drop(count);
    return value;
  }

  /** The next bits, which stay; zeros behind the end. */
  look(count: number): number {
    while (this.#count < count) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#at++] ?? 0);
      this.#count += 8;
    }
    return (this.#held >>> (this.#count - count)) & ((1 << count) - 1);
  }

  drop(count: number): void {
    this.#count -= count;
    this.#held &= (1 << this.#count) - 1;
    // A few bytes behind the end are looked at by right.
    if (this.#at > this.#bytes.length + 8) throw broken;
  }
}

const longestCode = 20;
const groupSize = 50;
const maxSelectors = 18_002;

interface Table {
  /** By length: the first code, how many there are, where their symbols begin. */
  readonly first: Int32Array;
  readonly counts: Int32Array;
  readonly symbols: readonly number[];
  /** Symbol and length of codes by the bits that come next; 0 where a code is longer. */
  readonly short: Uint16Array;
}

function tableOf(lengths: readonly number[]): Table {
  const counts = new Int32Array(longestCode + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const first = new Int32Array(longestCode + 1);
  for (let length = 1, code = 0; length <= longestCode; length++) {
    first[length] = code;
    code = (code + (counts[length] ?? 0)) << 1;
  }
  const symbols = lengths.map((_, symbol) => symbol).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  const short = new Uint16Array(1 << lookBits);
  const next = Int32Array.from(first);
  for (const symbol of symbols) {
    const length = lengths[symbol] ?? 0;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    if (length > lookBits) break;
    const from = code << (lookBits - length);
    short.fill((symbol << 5) | length, from, from + (1 << (lookBits - length)));
  }
  return { first, counts, symbols, short };
}

function readSymbol(bits: Bits, { first, counts, symbols, short }: Table): number {
  const found = short[bits.look(lookBits)] ?? 0;
  if (found !== 0) {
    bits.drop(found & 31);
    return found >> 5;
  }
  let code = 0;
  let before = 0;
  for (let length = 1; length <= longestCode; length++) {
    code = (code << 1) | bits.take(1);
    const count = counts[length] ?? 0;
    const index = code - (first[length] ?? 0);
    if (index < count) return symbols[before + index] ?? 0;
    before += count;
  }
  throw broken;
}

function moveToFront(list: Uint8Array, index: number): number {
  const value = list[index] ?? 0;
  if (index > 16) list.copyWithin(1, 0, index);
  else for (let i = index; i > 0; i--) list[i] = list[i - 1] ?? 0;
  list[0] = value;
  return value;
}

/** Bytes that occur in a block. */
function readAlphabet(bits: Bits): Uint8Array {
  const groups = bits.take(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (((groups >> (15 - group)) & 1) === 0) continue;
    const members = bits.take(16);
    for (let i = 0; i < 16; i++) if (((members >> (15 - i)) & 1) === 1) used.push(group * 16 + i);
  }
  if (used.length === 0) throw broken;
  return Uint8Array.from(used);
}

function readTable(bits: Bits, symbols: number): Table {
  const lengths: number[] = [];
  let length = bits.take(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    if (length < 1 || length > longestCode) throw broken;
    lengths.push(length);
  }
  return tableOf(lengths);
}

/** The sorted bytes of a block, each with what the way back needs: 24 bits are for the place, 8 for the byte. */
function readSorted(bits: Bits, most: number): Uint32Array {
  const alphabet = readAlphabet(bits);
  const end = alphabet.length + 1;
  const tables = bits.take(3);
  const count = bits.take(15);
  if (tables < 2 || tables > 6 || count < 1) throw broken;
  const order = Uint8Array.of(0, 1, 2, 3, 4, 5);
  const selectors: number[] = [];
  for (let i = 0; i < count; i++) {
    let index = 0;
    while (bits.take(1) === 1) if (++index >= tables) throw broken;
    const selector = moveToFront(order, index);
    if (i < maxSelectors) selectors.push(selector);
  }
  const all = Array.from({ length: tables }, () => readTable(bits, end + 1));
  const block = new Uint32Array(most);
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let i = 0; ; i++) {
    const table = all[selectors[Math.floor(i / groupSize)] ?? 6];
    if (table === undefined) throw broken;
    const symbol = readSymbol(bits, table);
    if (symbol <= 1) {
      run += weight << symbol;
      weight <<= 1;
      if (run > most) throw broken;
      continue;
    }
    if (run > 0) {
      if (length + run > most) throw broken;
      block.fill(alphabet[0] ?? 0, length, length + run);
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return block.subarray(0, length);
    if (length >= most) throw broken;
    block[length++] = moveToFront(alphabet, symbol - 1);
  }
}

/** Links each byte of a sorted block to the one that follows it. */
function link(block: Uint32Array): void {
  const starts = new Uint32Array(257);
  for (const value of block) starts[(value & 255) + 1] = (starts[(value & 255) + 1] ?? 0) + 1;
  for (let i = 1; i < 257; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  for (let i = 0; i < block.length; i++) {
    const value = (block[i] ?? 0) & 255;
    const place = starts[value] ?? 0;
    starts[value] = place + 1;
    block[place] = (block[place] ?? 0) | (i << 8);
  }
}

interface Output {
  readonly bytes: Buffer;
  length: number;
}

/** Follows the links; four equal bytes are followed by how many more there are. */
function write(block: Uint32Array, origin: number, out: Output): void {
  let place = (block[origin] ?? 0) >>> 8;
  let same = 0;
  let last = -1;
  for (let i = 0; i < block.length && out.length < out.bytes.length; i++) {
    const entry = block[place] ?? 0;
    const value = entry & 255;
    place = entry >>> 8;
    if (same === 4) {
      const end = Math.min(out.bytes.length, out.length + value);
      out.bytes.fill(last, out.length, end);
      out.length = end;
      same = 0;
      last = -1;
      continue;
    }
    same = value === last ? same + 1 : 1;
    last = value;
    out.bytes[out.length++] = value;
  }
}

/** Whether the first bytes are those of bzip2, with those of a block or of the end. */
export function isBzip2(bytes: Uint8Array): boolean {
  return standsAt(bytes, 0, "BZh") && (standsAt(bytes, 4, "1AY&SY") || standsAt(bytes, 4, "\x17rE8P\x90"));
}

const blockUnit = 100_000;
/** A byte takes as long as so many of LZMA. */
const weight = 4;

/** Unpacks at most `most` bytes. A block is read as a whole, which is charged to the budget of slow decoders. */
export function unpackBzip2(input: Uint8Array, most: number, budget: Budget): Unpacked {
  const size = ((input[3] ?? 0) - 48) * blockUnit;
  if (!isBzip2(input) || size < blockUnit || size > 9 * blockUnit)
    return { bytes: Buffer.alloc(0), whole: false, work: 0 };
  const room = Math.floor(lzmaRoom(Math.max(most, size) * weight, budget) / weight);
  // A block is read to its end or not at all: each of its symbols takes a bit or more.
  if (room < Math.min(size, input.length * 8, most)) {
    budget.lzmaBytes += room * weight;
    budget.reached.add("unpacked");
    return { bytes: Buffer.alloc(0), whole: false, work: 0 };
  }
  const out: Output = { bytes: Buffer.allocUnsafe(Math.min(most, room)), length: 0 };
  const bits = new Bits(input);
  let whole = false;
  let work = 0;
  try {
    while (out.length < out.bytes.length && work < room) {
      const mark = bits.take(24);
      const second = bits.take(24);
      if (mark === 0x177245 && second === 0x385090) {
        whole = true;
        break;
      }
      if (mark !== 0x314159 || second !== 0x265359) break;
      bits.take(16);
      bits.take(16);
      // Blocks in random order are of a version that nobody has used since 1997.
      if (bits.take(1) === 1) break;
      const origin = bits.take(24);
      const block = readSorted(bits, size);
      if (origin >= block.length) break;
      link(block);
      write(block, origin, out);
      work += block.length;
    }
  } catch (error) {
    if (error !== broken) throw error;
  }
  budget.lzmaBytes += Math.max(0, room - Math.max(work, out.length)) * weight;
  return { bytes: out.bytes.subarray(0, out.length), whole, work: Math.max(work, out.length) };
}
