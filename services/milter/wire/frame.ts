// Frames: a length of four bytes (most significant first), then so many bytes, of which the first is the command.

import { Fault } from "../../../shared/fault.ts";

export interface Frame {
  readonly command: number;
  readonly data: Buffer;
}

const lengthBytes = 4;

/** Cuts a byte stream into frames. `push` what arrived, then take with `next` until it answers undefined. */
export class FrameReader {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes without which there is no point in looking: a large frame in small pieces is joined once, not at each piece. */
  #wanted = lengthBytes;

  /** @param limit largest frame in bytes, its length not counted */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
  }

  /** Whether the stream may end here. */
  get atBoundary(): boolean {
    return this.#held === 0;
  }

  /** The next whole frame. Throws a Fault: `too-large` above the limit, `bad-input` for a frame without a command. */
  next(): Frame | undefined {
    if (this.#held < this.#wanted) return undefined;
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#held);
    const length = bytes.readUInt32BE(0);
    if (length === 0) throw new Fault("bad-input", "packet without a command");
    if (length > this.#limit) throw new Fault("too-large", `packet of ${length} bytes, the limit is ${this.#limit}`);
    const end = lengthBytes + length;
    if (bytes.length < end) {
      this.#keep(bytes, end);
      return undefined;
    }
    this.#keep(bytes.subarray(end), lengthBytes);
    return { command: bytes.readUInt8(lengthBytes), data: bytes.subarray(lengthBytes + 1, end) };
  }

  #keep(rest: Buffer, wanted: number): void {
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    this.#wanted = wanted;
  }
}

/** One frame as bytes. */
export function frame(command: number, ...data: readonly Uint8Array[]): Buffer {
  const head = Buffer.allocUnsafe(lengthBytes + 1);
  const length = data.reduce((sum, part) => sum + part.length, 1);
  head.writeUInt32BE(length, 0);
  head.writeUInt8(command, lengthBytes);
  return Buffer.concat([head, ...data], lengthBytes + length);
}
