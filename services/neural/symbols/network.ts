// A small network over symbols: one hidden layer. As it is published:
//
//   "SLSN"  u8 schema  u8 version of this form  u16 hidden units  u32 rows  f32 slope  f32 shift  f32 bias
//   f32 bias of each hidden unit, f32 weight of each hidden unit
//   then rows: u16 number of the input, f32 for each hidden unit. Inputs that no lesson had have no row. Little-endian.

import { asBuffer } from "../../../shared/as-buffer.ts";
import { Fault } from "../../../shared/fault.ts";
import { schema } from "../text/features.ts";
import { inputs, readVector } from "./vector.ts";

const magic = 0x4e534c53;
const version = 1;
const head = 24;
export const hidden = 16;

export interface SymbolNetwork {
  /** Weights of an input into the hidden units, by its number; absent for inputs that no lesson had. */
  readonly rows: ReadonlyMap<number, Float32Array>;
  readonly hiddenBias: Float32Array;
  readonly hiddenWeight: Float32Array;
  readonly bias: number;
  /** Calibration. */
  readonly slope: number;
  readonly shift: number;
}

/** What the hidden units say of a mail, -1 to 1 each. */
export function hiddenOf({ rows, hiddenBias }: SymbolNetwork, vector: Uint8Array): Float32Array {
  const { numbers, values } = readVector(vector);
  const sums = Float32Array.from(hiddenBias);
  for (let i = 0; i < numbers.length; i++) {
    const row = rows.get(numbers[i] ?? 0);
    if (row === undefined) continue;
    const value = values[i] ?? 0;
    for (let unit = 0; unit < hidden; unit++) sums[unit] = (sums[unit] ?? 0) + value * (row[unit] ?? 0);
  }
  return sums.map(Math.tanh);
}

/** Log odds of spam, before calibration. */
export function symbolLogit(network: SymbolNetwork, vector: Uint8Array): number {
  let logit = network.bias;
  for (const [unit, value] of hiddenOf(network, vector).entries()) logit += value * (network.hiddenWeight[unit] ?? 0);
  return logit;
}

export function encodeSymbols({ rows, hiddenBias, hiddenWeight, bias, slope, shift }: SymbolNetwork): Uint8Array {
  const bytes = Buffer.alloc(head + hidden * 8 + rows.size * (2 + hidden * 4));
  bytes.writeUInt32LE(magic, 0);
  bytes[4] = schema;
  bytes[5] = version;
  bytes.writeUInt16LE(hidden, 6);
  bytes.writeUInt32LE(rows.size, 8);
  bytes.writeFloatLE(slope, 12);
  bytes.writeFloatLE(shift, 16);
  bytes.writeFloatLE(bias, 20);
  let at = head;
  const write = (values: Float32Array): void => {
    for (const value of values) at = bytes.writeFloatLE(value, at);
  };
  write(hiddenBias);
  write(hiddenWeight);
  for (const [number, row] of rows) {
    at = bytes.writeUInt16LE(number, at);
    write(row);
  }
  return bytes;
}

/** Faults with `bad-input` when the bytes are no network of this schema. */
export function decodeSymbols(from: Uint8Array): SymbolNetwork {
  const bytes = asBuffer(from);
  const count = bytes.length < head ? -1 : bytes.readUInt32LE(8);
  const isOurs = count >= 0 && bytes.readUInt32LE(0) === magic && bytes[4] === schema && bytes[5] === version;
  if (!isOurs || bytes.readUInt16LE(6) !== hidden || bytes.length !== head + hidden * 8 + count * (2 + hidden * 4)) {
    throw new Fault("bad-input", "this is no network over symbols of this version");
  }
  let at = head;
  const read = (): Float32Array => {
    const values = new Float32Array(hidden);
    for (let unit = 0; unit < hidden; unit++, at += 4) values[unit] = bytes.readFloatLE(at);
    return values;
  };
  const hiddenBias = read();
  const hiddenWeight = read();
  const rows = new Map<number, Float32Array>();
  for (let i = 0; i < count; i++) {
    const number = Math.min(inputs - 1, bytes.readUInt16LE(at));
    at += 2;
    rows.set(number, read());
  }
  const [slope, shift, bias] = [12, 16, 20].map((place) => bytes.readFloatLE(place));
  return { rows, hiddenBias, hiddenWeight, bias: bias ?? 0, slope: slope ?? 1, shift: shift ?? 0 };
}
