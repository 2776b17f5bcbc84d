// How large the table of tokens is: two counters of 16 bits a token.

import { tokenBits } from "./token-set.ts";

export const cellBits = 16;
const tokenBytes = (2 * cellBits) / 8;

/** Bytes of the smallest and of the largest table. */
export const leastTable = 64 * 1024;
export const mostTable = 2 ** tokenBits * tokenBytes;

/** Tokens have numbers of so many bits in a table of that size. */
export function addressBits(bytes: number): number {
  return Math.floor(Math.log2(Math.min(mostTable, Math.max(leastTable, bytes)) / tokenBytes));
}
