// The codec of the bus: plain data to MessagePack and back. Facts, which travel in many questions, are encoded once.

import { Packr } from "msgpackr";
import { Fault, toFault } from "../fault.ts";

export interface Codec {
  /**
   * Bytes of plain data. Fields that are undefined are left out. Each value of a top-level field `facts` is encoded once
   * for as long as it lives, so it must not change. Throws `failed` for what is no data. Facts named in `stored` are left
   * out, and a field `storedFacts` carries their keys.
   */
  encode(value: unknown, stored?: Readonly<Record<string, string>>): Uint8Array;
  /** The facts of a question whose encoding is larger than `limit` bytes. */
  largeFacts(question: unknown, limit: number): readonly LargeFact[];
  /** Throws `bad-input` for bytes that `encode` did not make, `too-large` for more of them than the limit. */
  decode(bytes: Uint8Array): unknown;
}

export interface LargeFact {
  readonly name: string;
  readonly fact: object;
  readonly bytes: Uint8Array;
}

export interface CodecLimits {
  /** Bytes of one value. Default 64 MB. */
  readonly size?: number;
}

// Without records every value is MessagePack that any reader understands, and can be joined from parts.
const packing = { useRecords: false, skipValues: [undefined] };

type Data = Readonly<Record<string, unknown>>;

const none: Readonly<Record<string, string>> = {};

/** Opens a codec with a memory of its own for facts. */
export function openCodec({ size = 64 * 1024 * 1024 }: CodecLimits = {}): Codec {
  const packr = new Packr(packing);
  const encodedFacts = new WeakMap<object, Uint8Array>();
  const names = new Map<string, Uint8Array>();

  function pack(value: unknown): Uint8Array {
    try {
      return packr.pack(value);
    } catch (thrown) {
      throw new Fault("failed", `cannot be encoded: ${toFault(thrown).message}`, thrown);
    }
  }

  /** A name that many questions have. */
  function packName(name: string): Uint8Array {
    let bytes = names.get(name);
    if (bytes === undefined) {
      bytes = pack(name);
      names.set(name, bytes);
    }
    return bytes;
  }

  function packFact(fact: unknown): Uint8Array {
    if (typeof fact !== "object" || fact === null) return pack(fact);
    let bytes = encodedFacts.get(fact);
    if (bytes === undefined) {
      bytes = pack(fact);
      encodedFacts.set(fact, bytes);
    }
    return bytes;
  }

  /** The map of a question, joined from the rest of it and its facts. */
  function packQuestion(question: Data, facts: Data, stored: Readonly<Record<string, string>>): Uint8Array {
    const { facts: _, ...rest }: Record<string, unknown> = question;
    if (stored !== none) rest.storedFacts = stored;
    const packed = pack(rest);
    const body = packed.subarray(headLength(packed));
    const present = Object.keys(facts).filter((name) => facts[name] !== undefined && stored[name] === undefined);
    const pairs = Object.values(rest).filter((value) => value !== undefined).length;
    const chunks: Uint8Array[] = [mapHead(pairs + 1), body, packName("facts"), mapHead(present.length)];
    for (const name of present) chunks.push(packName(name), packFact(facts[name]));
    return Buffer.concat(chunks);
  }

  return {
    encode(value, stored = none) {
      if (isRecord(value) && isRecord(value.facts)) return packQuestion(value, value.facts, stored);
      return pack(value);
    },
    largeFacts(question, limit) {
      if (!isRecord(question) || !isRecord(question.facts)) return [];
      const large: LargeFact[] = [];
      for (const [name, fact] of Object.entries(question.facts)) {
        if (typeof fact !== "object" || fact === null) continue;
        const bytes = packFact(fact);
        if (bytes.length > limit) large.push({ name, fact, bytes });
      }
      return large;
    },
    decode(bytes) {
      if (bytes.length > size) throw new Fault("too-large", `${bytes.length} bytes to decode, the limit is ${size}`);
      try {
        // Of a Buffer the bytes within would be Buffers: what arrives must be of the type that was sent.
        return packr.unpack(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
      } catch (thrown) {
        throw new Fault("bad-input", `not MessagePack: ${toFault(thrown).message}`, thrown);
      }
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Head of a MessagePack map of so many pairs: fixmap, map 16 or map 32. */
function mapHead(pairs: number): Uint8Array {
  if (pairs < 16) return Uint8Array.of(0x80 | pairs);
  if (pairs < 65_536) return Uint8Array.of(0xde, pairs >> 8, pairs & 255);
  return Uint8Array.of(0xdf, pairs >>> 24, (pairs >> 16) & 255, (pairs >> 8) & 255, pairs & 255);
}

/** Bytes of the head of a map. */
function headLength(map: Uint8Array): number {
  const [first = 0] = map;
  if (first < 0x90) return 1;
  return first === 0xde ? 3 : 5;
}
