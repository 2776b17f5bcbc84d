// Files as mail servers keep them: some store each mail compressed (Dovecot's zlib plugin does, under the same name).

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";

/** RFC 1952, 2.3.1 and RFC 8878, 3.1.1. No mail begins with these bytes. */
const gzip = Buffer.of(0x1f, 0x8b, 0x08);
const zstd = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);

/** The bytes of a stream, decompressed when they begin as gzip or zstd. Throws where they cannot be. */
export async function* inflated(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    start = Buffer.concat([start, next.value]);
    if (start.length >= zstd.length) break;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield start;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  const begins = (magic: Buffer) => start.subarray(0, magic.length).equals(magic);
  const inflater = begins(gzip) ? createGunzip() : begins(zstd) ? createZstdDecompress() : null;
  if (inflater === null) {
    yield* whole();
    return;
  }
  // What fails in the one or the other is thrown where the inflater is read.
  pipeline(Readable.from(whole()), inflater).catch(() => undefined);
  yield* inflater;
}
