// What is kept of a mail that was taught: numbers of its features, and how far it moved the network. About half a kilobyte;
// no mail can be read from it, for a feature is 18 bits of a hash.
//
//   u16  step: what was added for each feature, 0 before it was weighed
//   u8   1 when it is held back: it is not learned, the network is tested with it
//   u8   zero
//   f32  log odds that the first model gives, little-endian as all numbers
//   16 bytes: name of the mail (mail-name.ts)
//   u16  number of features, then the gaps between their sorted numbers: 7 bits a byte, the lowest first, the highest bit
//        says that more follow

import { Fault } from "../../../shared/fault.ts";

/** Bits of a feature's number. */
export const numberBits = 18;
export const strongest = 65_535;
const head = 26;
const featureNumbers = 2 ** numberBits;
const nameBytes = 16;

export interface TextLesson {
  readonly step: number;
  readonly held: boolean;
  readonly first: number;
  readonly name: Uint8Array;
  /** Sorted, each once. */
  readonly numbers: Uint32Array;
}

/** Numbers of features by their hashes: sorted, each once. */
export function numbersOf(hashes: Int32Array): Uint32Array {
  const numbers = new Uint32Array(hashes.length);
  for (let i = 0; i < hashes.length; i++) numbers[i] = (hashes[i] ?? 0) >>> (32 - numberBits);
  numbers.sort();
  let count = 0;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? 0;
    if (count === 0 || number !== numbers[count - 1]) numbers[count++] = number;
  }
  return numbers.slice(0, count);
}

export function writeLesson({ step, held, first, name, numbers }: TextLesson): Uint8Array {
  const bytes = new Uint8Array(head + numbers.length * 3);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, step, true);
  view.setUint8(2, held ? 1 : 0);
  view.setFloat32(4, first, true);
  bytes.set(name.subarray(0, nameBytes), 8);
  view.setUint16(24, numbers.length, true);
  let at = head;
  let before = 0;
  for (const number of numbers) {
    let gap = number - before;
    before = number;
    for (; gap > 0x7f; gap >>>= 7) bytes[at++] = (gap & 0x7f) | 0x80;
    bytes[at++] = gap;
  }
  return bytes.slice(0, at);
}

/** Faults with `bad-input` when the bytes are no lesson. */
export function readLesson(bytes: Uint8Array): TextLesson {
  if (bytes.length < head) throw broken();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Uint32Array(view.getUint16(24, true));
  let at = head;
  let number = 0;
  for (let i = 0; i < numbers.length; i++) {
    let byte = bytes[at++] ?? 0;
    let gap = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 14) throw broken();
      byte = bytes[at++] ?? 0;
      gap |= (byte & 0x7f) << shift;
    }
    number += gap;
    if (at > bytes.length || number >= featureNumbers) throw broken();
    numbers[i] = number;
  }
  return {
    step: view.getUint16(0, true),
    held: view.getUint8(2) === 1,
    first: view.getFloat32(4, true),
    name: new Uint8Array(bytes.subarray(8, 8 + nameBytes)),
    numbers,
  };
}

/** The same lesson with what was decided of it. */
export function decided(bytes: Uint8Array, step: number, held: boolean): Uint8Array {
  // `slice` of a Buffer is no copy.
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  view.setUint16(0, step, true);
  view.setUint8(2, held ? 1 : 0);
  return copy;
}

function broken(): Fault {
  return new Fault("bad-input", "these are no features of a mail");
}
