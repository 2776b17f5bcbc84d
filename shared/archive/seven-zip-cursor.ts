// Reads the numbers of a 7z header one after the other. Behind the end all is 0 and `failed` is set.

import { le64 } from "./bytes.ts";

/** More files than this are not listed, whatever the limits say: counts come before what they count. */
export const maxCount = 100_000;

export class Cursor {
  readonly bytes: Buffer;
  at = 0;
  failed = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  byte(): number {
    const value = this.bytes[this.at];
    this.at++;
    if (value === undefined) this.failed = true;
    return value ?? 0;
  }

  /** Bits of the first byte say how many more follow. */
  number(): number {
    const first = this.byte();
    let mask = 0x80;
    let value = 0;
    for (let i = 0; i < 8; i++) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 256 ** i;
      value += this.byte() * 256 ** i;
      mask >>= 1;
    }
    return value;
  }

  /** A count of files, folders or streams. */
  count(): number {
    const value = this.number();
    if (value > maxCount) this.failed = true;
    return this.failed ? 0 : value;
  }

  long(): number {
    const value = le64(this.bytes, this.at);
    this.skip(8);
    return value;
  }

  skip(length: number): void {
    this.at += length;
    if (this.at > this.bytes.length) this.failed = true;
  }

  take(length: number): Buffer {
    const start = this.at;
    this.skip(length);
    return this.bytes.subarray(start, this.at);
  }

  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    const found: boolean[] = [];
    if (this.failed) return found;
    for (let i = 0; i < count; i++) found.push((((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1);
    return found;
  }

  /** A bit vector that may say "all". */
  optionalBits(count: number): boolean[] {
    return this.byte() === 0 ? this.bits(count) : new Array<boolean>(this.failed ? 0 : count).fill(true);
  }
}
