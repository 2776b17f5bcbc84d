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

/** `own` are symbols of these networks themselves: they must not learn from what they said. */
export function makeVector(facts: VectorFacts, own: ReadonlySet<string>): Uint8Array {
  const values = new Map<number, number>();
  for (const [symbol, score] of Object.entries(facts.standing.symbols)) {
    if (own.has(symbol)) continue;
    const input = nameHash(symbol) >>> (32 - nameBits);
    values.set(input, (values.get(input) ?? 0) + (score === 0 ? presence : Math.tanh(score / 2)));
  }
  for (const [index, value] of numbersOf(facts).entries()) if (value !== 0) values.set(names + index, value);
  const entries = [...values].slice(0, mostInputs);
  const bytes = Buffer.alloc(entries.length * row);
  for (const [index, [input, value]] of entries.entries()) {
    bytes.writeUInt16LE(input, index * row);
    bytes.writeInt8(Math.round(100 * Math.max(-1.27, Math.min(1.27, value))), index * row + 2);
  }
  return bytes;
}

/** 0 to 1 for 0 to `most`, on a logarithmic scale. */
function scaled(value: number, most: number): number {
  return Math.min(1, Math.log1p(Math.max(0, value)) / Math.log1p(most));
}

function numbersOf({ headers, structure, text, urls, received }: VectorFacts): readonly number[] {
  const { parts } = structure;
  const units = text.reduce((sum, one) => sum + one.text.length, 0);
  const lines = text.reduce((sum, one) => sum + one.lines, 0);
  const leaves = parts.filter(({ type }) => !type.startsWith("multipart/"));
  return [
    scaled(structure.size, 1e6),
    scaled(structure.headerSize, 2e4),
    scaled(headers.fields.length, 60),
    scaled(headers.to.length, 50),
    scaled(headers.cc.length, 50),
    scaled(headers.subject?.length ?? 0, 200),
    scaled(received.length, 15),
    received.some(({ tls }) => tls) ? 1 : 0,
    scaled(leaves.filter(({ type }) => type.startsWith("image/")).length, 20),
    scaled(leaves.filter(({ disposition }) => disposition === "attachment").length, 10),
    scaled(leaves.length, 20),
    text.some(({ html }) => html) ? 1 : 0,
    text.some(({ html }) => !html) ? 1 : 0,
    scaled(units, 1e5),
    scaled(lines, 2000),
    scaled(urls.length, 100),
    scaled(new Set(urls.map(({ domain }) => domain)).size, 30),
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
