// LZMA (7-zip's lzma-specification): an own decoder, for the headers and the content of 7z, and for zip's method 14.
// The output is its own dictionary: it is limited anyway.

import { nothingUnpacked, type Unpacked } from "./archive.ts";
import { le32 } from "./bytes.ts";
import type { Budget } from "./limits.ts";

const probInit = 1024;
const states = 12;
/** Distances of few bits have models of their own. */
const endPosModel = 14;
const fullDistances = 128;
const alignBits = 4;
const minMatch = 2;

function probs(length: number): Uint16Array {
  return new Uint16Array(length).fill(probInit);
}

/** The state of a stream: kept between the chunks of LZMA2. */
class LzmaDecoder {
  #code = 0;
  #range = 0xffffffff;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  readonly output: Buffer;
  /** Bytes of output so far. */
  written = 0;
  /** Where the dictionary begins. */
  #dictionary = 0;

  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  #state = 0;
  #reps: [number, number, number, number] = [0, 0, 0, 0];
  #literal = probs(0);
  #isMatch = probs(0);
  #isRep = probs(0);
  #isRepG0 = probs(0);
  #isRepG1 = probs(0);
  #isRepG2 = probs(0);
  #isRep0Long = probs(0);
  #slot = probs(0);
  #special = probs(0);
  #align = probs(0);
  /** Of each of the two: choice, choice2, then 16 trees of 8, 16 of 8, one of 256. */
  #length = probs(0);
  #repLength = probs(0);

  constructor(most: number) {
    this.output = Buffer.allocUnsafe(most);
  }

  /** Properties byte (lc, lp, pb); false when it is none. Resets the state. */
  setProperties(byte: number): boolean {
    if (byte >= 9 * 5 * 5) return false;
    this.#lc = byte % 9;
    const rest = Math.floor(byte / 9);
    const lp = rest % 5;
    // LZMA2 allows no more; what 7-zip writes stays below, and the table of literals stays small.
    if (this.#lc + lp > 8) return false;
    this.#lpMask = (1 << lp) - 1;
    this.#pbMask = (1 << Math.floor(rest / 5)) - 1;
    this.#literal = probs(0x300 << (this.#lc + lp));
    this.resetState();
    return true;
  }

  resetState(): void {
    this.#state = 0;
    this.#reps = [0, 0, 0, 0];
    this.#literal.fill(probInit);
    this.#isMatch = probs(states << 4);
    this.#isRep = probs(states);
    this.#isRepG0 = probs(states);
    this.#isRepG1 = probs(states);
    this.#isRepG2 = probs(states);
    this.#isRep0Long = probs(states << 4);
    this.#slot = probs(4 * 64);
    this.#special = probs(1 + fullDistances - endPosModel);
    this.#align = probs(1 << alignBits);
    this.#length = probs(2 + 16 * 8 * 2 + 256);
    this.#repLength = probs(2 + 16 * 8 * 2 + 256);
  }

  resetDictionary(): void {
    this.#dictionary = this.written;
  }

  /** Copies bytes as they are (LZMA2). */
  copy(bytes: Uint8Array): void {
    const room = this.output.length - this.written;
    this.output.set(bytes.subarray(0, room), this.written);
    this.written += Math.min(room, bytes.length);
  }

  #bit(table: Uint16Array, index: number): number {
    const prob = table[index] ?? probInit;
    const bound = (this.#range >>> 11) * prob;
    let bit = 0;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = prob + ((2048 - prob) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      table[index] = prob - (prob >> 5);
      bit = 1;
    }
    if (this.#range < 0x1000000) this.#normalise();
    return bit;
  }

  #normalise(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#at < this.#end ? (this.#input[this.#at] ?? 0) : 0)) >>> 0;
    this.#at++;
  }

  #direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      if (this.#range < 0x1000000) this.#normalise();
    }
    return value;
  }

  #tree(table: Uint16Array, offset: number, bits: number): number {
    let at = 1;
    for (let i = 0; i < bits; i++) at = at * 2 + this.#bit(table, offset + at);
    return at - (1 << bits);
  }

  #reverseTree(table: Uint16Array, offset: number, bits: number): number {
    let at = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, offset + at);
      at = at * 2 + bit;
      value |= bit << i;
    }
    return value;
  }

  #lengthOf(table: Uint16Array, posState: number): number {
    if (this.#bit(table, 0) === 0) return this.#tree(table, 2 + posState * 8, 3);
    if (this.#bit(table, 1) === 0) return 8 + this.#tree(table, 2 + 128 + posState * 8, 3);
    return 16 + this.#tree(table, 2 + 256, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slot, Math.min(length, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < endPosModel) return base + this.#reverseTree(this.#special, base - slot, bits);
    return base + this.#direct(bits - alignBits) * 16 + this.#reverseTree(this.#align, 0, alignBits);
  }

  #writeLiteral(): void {
    const { output, written } = this;
    const before = written > this.#dictionary ? (output[written - 1] ?? 0) : 0;
    const place = (((written - this.#dictionary) & this.#lpMask) << this.#lc) + (before >> (8 - this.#lc));
    const offset = place * 0x300;
    let symbol = 1;
    if (this.#state >= 7) {
      let match = output[written - this.#reps[0] - 1] ?? 0;
      do {
        const matchBit = (match >> 7) & 1;
        match = (match << 1) & 0xff;
        const bit = this.#bit(this.#literal, offset + ((1 + matchBit) << 8) + symbol);
        symbol = symbol * 2 + bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = symbol * 2 + this.#bit(this.#literal, offset + symbol);
    output[this.written++] = symbol & 0xff;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** Decodes `input` until `limit` bytes are written in all; false when the stream is broken or at its end. */
  decode(input: Uint8Array, limit: number): boolean {
    this.#input = input;
    this.#end = input.length;
    this.#at = 5;
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let i = 1; i < 5; i++) this.#code = ((this.#code << 8) | (input[i] ?? 0)) >>> 0;
    const stop = Math.min(limit, this.output.length);
    while (this.written < stop) {
      // Zeros are read behind the end; a few are looked ahead by right.
      if (this.#at > this.#end + 8) return false;
      const posState = (this.written - this.#dictionary) & this.#pbMask;
      const state = this.#state;
      if (this.#bit(this.#isMatch, (state << 4) + posState) === 0) {
        this.#writeLiteral();
        continue;
      }
      const length = this.#bit(this.#isRep, state) === 0 ? this.#match(posState) : this.#repeat(posState);
      if (length < 0) return false;
      if (this.#reps[0] >= this.written - this.#dictionary) return false;
      const from = this.written - this.#reps[0] - 1;
      const count = Math.min(length, stop - this.written);
      for (let i = 0; i < count; i++) this.output[this.written++] = this.output[from + i] ?? 0;
    }
    return true;
  }

  /** Length of a match with a new distance; -1 for the mark of the end. */
  #match(posState: number): number {
    const length = this.#lengthOf(this.#length, posState);
    const distance = this.#distance(length);
    this.#state = this.#state < 7 ? 7 : 10;
    this.#reps = [distance, this.#reps[0], this.#reps[1], this.#reps[2]];
    return distance >= 0xffffffff ? -1 : length + minMatch;
  }

  /** Length of a match with one of the last four distances. */
  #repeat(posState: number): number {
    const state = this.#state;
    const [r0, r1, r2, r3] = this.#reps;
    if (this.#bit(this.#isRepG0, state) === 0) {
      if (this.#bit(this.#isRep0Long, (state << 4) + posState) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else if (this.#bit(this.#isRepG1, state) === 0) this.#reps = [r1, r0, r2, r3];
    else if (this.#bit(this.#isRepG2, state) === 0) this.#reps = [r2, r0, r1, r3];
    else this.#reps = [r3, r0, r1, r2];
    this.#state = state < 7 ? 8 : 11;
    return this.#lengthOf(this.#repLength, posState) + minMatch;
  }
}

/** Takes the room for `size` bytes of output from the budget. */
export function lzmaRoom(size: number, budget: Budget): number {
  const most = Math.max(0, Math.min(size, budget.lzmaBytes));
  if (most < size) budget.reached.add("unpacked");
  budget.lzmaBytes -= most;
  return most;
}

/** A stream whose properties (5 bytes) stand elsewhere and whose output has `size` bytes. */
export function decodeLzmaAlone(properties: Uint8Array, input: Uint8Array, size: number, budget: Budget): Unpacked {
  if (properties.length < 5 || le32(properties, 1) === 0) return nothingUnpacked;
  const decoder = new LzmaDecoder(lzmaRoom(size, budget));
  if (!decoder.setProperties(properties[0] ?? 255)) return nothingUnpacked;
  decoder.decode(input, size);
  return { bytes: decoder.output.subarray(0, decoder.written), whole: decoder.written === size, work: decoder.written };
}

/** LZMA2: chunks, each packed or stored, with a control byte that says what is reset. */
export function decodeLzma2(input: Uint8Array, size: number, budget: Budget): Unpacked {
  const decoder = new LzmaDecoder(lzmaRoom(size, budget));
  let ready = false;
  let at = 0;
  while (at < input.length && decoder.written < decoder.output.length) {
    const control = input[at] ?? 0;
    if (control === 0) break;
    const length = (((control & 0x1f) << 16) | ((input[at + 1] ?? 0) << 8) | (input[at + 2] ?? 0)) + 1;
    if (control < 0x80) {
      if (control > 2) break;
      if (control === 1) decoder.resetDictionary();
      const stored = (length - 1) % 65_536;
      decoder.copy(input.subarray(at + 3, at + 4 + stored));
      at += 4 + stored;
      continue;
    }
    const packed = (((input[at + 3] ?? 0) << 8) | (input[at + 4] ?? 0)) + 1;
    const reset = (control >> 5) & 3;
    at += 5;
    if (reset === 3) decoder.resetDictionary();
    if (reset >= 2) ready = decoder.setProperties(input[at++] ?? 255);
    else if (reset === 1) decoder.resetState();
    if (!ready || !decoder.decode(input.subarray(at, at + packed), decoder.written + length)) break;
    at += packed;
  }
  return { bytes: decoder.output.subarray(0, decoder.written), whole: decoder.written === size, work: decoder.written };
}
