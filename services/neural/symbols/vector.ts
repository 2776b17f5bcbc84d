// What a network over symbols sees of a mail: its symbols by the hash of their names, so that a new rule never makes a trained
// network useless, and some numbers about the mail (R 5.3).
//
// As bytes, for each input that is not zero: u16 number of the input, little-endian, and i8 hundredths of its value.

import type { Facts } from "../../../shared/task.ts";
import { nameHash } from "../text/hash.ts";

const nameBits = 12;
const names = 2 ** nameBits;
/** Numbers about the mail come after the names. */
export const inputs = names + 32;
/** What a symbol without a score counts: that it is there says something. */
const presence = 0.3;
const row = 3;
const mostInputs = 300;

export const vectorFacts = ["headers", "structure", "text", "urls", "received", "standing"] as const;
export type VectorFacts = Pick<Facts, (typeof vectorFacts)[number]>;

/** Inputs of one mail, and their sums by number: used up within one turn, and left empty. */
const touched = new Uint16Array(mostInputs);
const sums = new Float32Array(inputs);

/** `own` are symbols of these networks themselves: they must not learn from what they said. */
export function makeVector(facts: VectorFacts, own: ReadonlySet<string>): Uint8Array {
  let count = 0;
  const add = (input: number, value: number): void => {
    if (sums[input] === 0) {
      if (count === mostInputs) return;
      touched[count++] = input;
    }
    sums[input] = (sums[input] ?? 0) + value;
  };
  for (const { name, score } of facts.standing.symbols) {
    if (!own.has(name)) add(inputOf(name), score === 0 ? presence : Math.tanh(score / 2));
  }
  for (const [index, value] of numbersOf(facts).entries()) if (value !== 0) add(names + index, value);
  const bytes = Buffer.allocUnsafe(count * row);
  for (let i = 0; i < count; i++) {
    const input = touched[i] ?? 0;
    const value = Math.max(-1.27, Math.min(1.27, sums[input] ?? 0));
    sums[input] = 0;
    bytes.writeUInt16LE(input, i * row);
    bytes.writeInt8(Math.round(100 * value), i * row + 2);
  }
  return bytes;
}

/** Symbols are as many as rules: their numbers are kept. */
const known = new Map<string, number>();
const mostKnown = 20_000;

function inputOf(symbol: string): number {
  let input = known.get(symbol);
  if (input === undefined) {
    input = nameHash(symbol) >>> (32 - nameBits);
    if (known.size < mostKnown) known.set(symbol, input);
  }
  return input;
}

/** 0 to 1 for 0 to `most`, on a logarithmic scale. */
function scaled(value: number, most: number): number {
  return Math.min(1, Math.log1p(Math.max(0, value)) / Math.log1p(most));
}

function numbersOf({ headers, structure, text, urls, received }: VectorFacts): readonly number[] {
  let [units, lines, pages] = [0, 0, 0];
  for (const one of text) {
    units += one.text.length;
    lines += one.lines;
    if (one.html) pages++;
  }
  let [leaves, images, attached] = [0, 0, 0];
  for (const { type, disposition } of structure.parts) {
    if (type.startsWith("multipart/")) continue;
    leaves++;
    if (type.startsWith("image/")) images++;
    if (disposition === "attachment") attached++;
  }
  const domains = new Set<string | null>();
  for (const { domain } of urls) domains.add(domain);
  return [
    scaled(structure.size, 1e6),
    scaled(structure.headerSize, 2e4),
    scaled(headers.fields.length, 60),
    scaled(headers.to.length, 50),
    scaled(headers.cc.length, 50),
    scaled(headers.subject?.length ?? 0, 200),
    scaled(received.length, 15),
    received.some(({ tls }) => tls) ? 1 : 0,
    scaled(images, 20),
    scaled(attached, 10),
    scaled(leaves, 20),
    pages > 0 ? 1 : 0,
    text.length > pages ? 1 : 0,
    scaled(units, 1e5),
    scaled(lines, 2000),
    scaled(urls.length, 100),
    scaled(domains.size, 30),
    scaled(structure.flaws.length, 20),
  ];
}

/** The inputs of a vector, with their values. Bytes that are none are left out. */
export function readVector(bytes: Uint8Array): { readonly numbers: Uint16Array; readonly values: Float32Array } {
  const count = Math.floor(bytes.length / row);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Uint16Array(count);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    numbers[i] = Math.min(inputs - 1, view.getUint16(i * row, true));
    values[i] = view.getInt8(i * row + 2) / 100;
  }
  return { numbers, values };
}
