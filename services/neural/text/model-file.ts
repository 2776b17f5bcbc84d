// The file of the first model: weights of features by hash, quantised to a byte each.
//
//   "SLTM"  u8 version  u8 schema of the features  u16 zero
//   f32 bias  f32 terms  f32 slope  f32 shift  f32 weight of a step  u32 count
//   then for each weight, sorted by hash: the gap to the hash before it (7 bits a byte, the lowest first, the highest bit
//   says that more follow), and i8 steps
//   then SHA-256 of all that, the first 16 bytes. Numbers are little-endian.

import { createHash } from "node:crypto";
import { asBuffer } from "../../../shared/as-buffer.ts";
import { Fault } from "../../../shared/fault.ts";
import { schema } from "./features.ts";
import type { FirstModel } from "./first-model.ts";
import { WeightTable } from "./weight-table.ts";

const magic = 0x4d544c53;
const version = 1;
const head = 32;
const sumBytes = 16;
const mostSteps = 127;

export interface ModelParts {
  readonly bias: number;
  readonly terms: number;
  readonly slope: number;
  readonly shift: number;
  readonly weights: ReadonlyMap<number, number>;
}

/** What would be zero is left out. */
export function encodeModel({ bias, terms, slope, shift, weights }: ModelParts): Uint8Array {
  const largest = Math.max(...[...weights.values()].map(Math.abs), 1e-9);
  const step = largest / mostSteps;
  const rows = [...weights]
    .map(([hash, weight]) => [hash >>> 0, Math.round(weight / step)] as const)
    .filter(([, steps]) => steps !== 0)
    .sort(([one], [other]) => one - other);
  const bytes = Buffer.alloc(head + rows.length * 6 + sumBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes[4] = version;
  bytes[5] = schema;
  bytes.writeFloatLE(bias, 8);
  bytes.writeFloatLE(terms, 12);
  bytes.writeFloatLE(slope, 16);
  bytes.writeFloatLE(shift, 20);
  bytes.writeFloatLE(step, 24);
  bytes.writeUInt32LE(rows.length, 28);
  let at = head;
  let before = 0;
  for (const [hash, steps] of rows) {
    let gap = hash - before;
    before = hash;
    for (; gap > 0x7f; gap = Math.floor(gap / 128)) bytes[at++] = (gap % 128) | 0x80;
    bytes[at++] = gap;
    bytes.writeInt8(steps, at++);
  }
  checksum(bytes.subarray(0, at)).copy(bytes, at);
  return bytes.subarray(0, at + sumBytes);
}

/** Faults with `failed`: this file came with the program. */
export function decodeModel(file: Uint8Array): FirstModel {
  const bytes = asBuffer(file);
  const end = bytes.length - sumBytes;
  if (end < head || bytes.readUInt32LE(0) !== magic) throw new Fault("failed", "the first model is no model");
  if (bytes[4] !== version || bytes[5] !== schema) {
    throw new Fault("failed", `the first model is of version ${bytes[4]}, schema ${bytes[5]}: run make model`);
  }
  if (!checksum(bytes.subarray(0, end)).equals(bytes.subarray(end))) {
    throw new Fault("failed", "the first model is damaged: its checksum is wrong");
  }
  const count = bytes.readUInt32LE(28);
  const step = bytes.readFloatLE(24);
  const weights = new WeightTable(count);
  let at = head;
  let hash = 0;
  for (let i = 0; i < count; i++) {
    let factor = 1;
    for (let more = true; more; factor *= 128) {
      const byte = bytes[at++] ?? 0;
      hash += (byte & 0x7f) * factor;
      more = byte > 0x7f;
    }
    weights.set(hash | 0, bytes.readInt8(at++) * step);
  }
  const [bias, terms, slope, shift] = [8, 12, 16, 20].map((place) => bytes.readFloatLE(place));
  return { weights, bias: bias ?? 0, terms: terms ?? 1, slope: slope ?? 1, shift: shift ?? 0 };
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest().subarray(0, sumBytes);
}
