// The counters of a table as they lie in Redis: one string, big-endian, read and written piece by piece so that nobody
// else waits long.

import { Fault } from "../fault.ts";
import type { Link } from "../redis/link.ts";
import { viewOf } from "./limits.ts";
import type { Counters, TableShape } from "./store.ts";

/** Bytes of a piece: a server is busy with one for less than a ms. */
const piece = 256 * 1024;
/** Pieces on their way at once. */
const ahead = 4;
/** ms that a half-written replacement is kept. */
const halfWritten = "60000";
/** Times that reading starts anew because everything changed meanwhile. */
const mostTries = 10;

/** The string that holds the counters. */
export function toData(counters: Counters): Buffer {
  return swap(Buffer.from(viewOf(counters)), counters.BYTES_PER_ELEMENT);
}

export interface Snapshot {
  readonly counters: Counters;
  /** Number of the latest change when reading began: what came after it may be in the counters, or not. */
  readonly change: number;
}

/** Reads from `link`, a server or a replica of it. */
export async function readData(link: Link, meta: string, data: string, shape: TableShape): Promise<Snapshot> {
  const { cells, bits } = shape;
  for (let tries = 0; tries < mostTries; tries++) {
    const bytes = Buffer.from(new ArrayBuffer((cells * bits) / 8));
    const begun = await statusOf(link, meta);
    await inPieces(bytes.length, async (from) => {
      const part = await link.run((client) =>
        client.getrangeBuffer(data, from, Math.min(bytes.length, from + piece) - 1),
      );
      part.copy(bytes, from);
    });
    if ((await statusOf(link, meta)).whole === begun.whole) {
      return { counters: countersOf(swap(bytes, bits / 8), bits), change: begun.change };
    }
  }
  throw new Fault("unavailable", "the table is replaced all the time: it cannot be read");
}

/** Writes a string that is to take the place of the data; it goes by itself when it is not renamed soon. */
export async function writeData(link: Link, key: string, bytes: Buffer): Promise<void> {
  // The end first: Redis reserves the memory once.
  await link.run((client) => client.setrange(key, bytes.length - 1, bytes.subarray(-1)));
  await link.run((client) => client.pexpire(key, halfWritten));
  await inPieces(bytes.length, async (from) => {
    await link.run((client) => client.setrange(key, from, bytes.subarray(from, from + piece)));
  });
}

/** Number of the latest change, and of the latest that changed everything; 0 for a table that is gone. */
export async function statusOf(link: Link, meta: string): Promise<{ change: number; whole: number }> {
  const [change, whole] = await link.run((client) => client.hmget(meta, "change", "whole"));
  return { change: Number(change ?? 0), whole: Number(whole ?? 0) };
}

async function inPieces(length: number, act: (from: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < length) {
      const from = next;
      next += piece;
      await act(from);
    }
  };
  await Promise.all(Array.from({ length: ahead }, work));
}

/** Turns the bytes of each counter around, in place. */
function swap(bytes: Buffer, width: number): Buffer {
  if (width === 2) return bytes.swap16();
  return width === 4 ? bytes.swap32() : bytes;
}

function countersOf({ buffer }: Buffer, bits: TableShape["bits"]): Counters {
  if (bits === 8) return new Uint8Array(buffer);
  return bits === 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);
}
