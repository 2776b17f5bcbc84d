// Whatever the bytes are, there is an answer within the limits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { defaultArchiveLimits } from "./limits.ts";
import * as sample from "./sample.testing.ts";
import { type Listing, walkArchive } from "./walk.ts";

const files = [
  { name: "a.txt", content: "first", descriptor: true },
  { name: "b/run.exe", content: "MZ" },
];
const zip = sample.makeZip(files);
const samples: Readonly<Record<string, Buffer>> = {
  "a.zip": zip,
  "b.zip": sample.makeZip([{ name: "in.zip", content: zip }]),
  "a.gz": gzipSync("numbers"),
  "a.tgz": sample.makeTarGzip(files),
  "a.tar": sample.makeTar(files),
  "a.7z": sample.sevenZips.lzma ?? zip,
  "b.7z": sample.sevenZips.lzma2 ?? zip,
  "c.7z": sample.sevenZipEncrypted,
  "a.rar": sample.makeRar4(files),
  "b.rar": sample.makeRar5(files),
  "a.cab": sample.makeCab(["a.txt", "b.txt"]),
  "a.arj": sample.makeArj(files),
};
const limits = { ...defaultArchiveLimits, entries: 1000, unpackedBytes: 200_000, lzmaBytes: 50_000, nameLength: 100 };

function countEntries(listing: Listing | null): number {
  let count = 0;
  for (const entry of listing?.entries ?? []) {
    assert.ok(entry.name.length <= limits.nameLength);
    count += 1 + countEntries(entry.inside);
  }
  return count;
}

function check(bytes: Buffer, name: string): void {
  assert.ok(countEntries(walkArchive(bytes, limits, name).listing) <= limits.entries);
}

/** A small generator (xorshift), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

test("cut at each length", () => {
  for (const [name, bytes] of Object.entries(samples)) {
    for (let length = 0; length < bytes.length; length++) check(bytes.subarray(0, length), name);
  }
  const iso = sample.makeIso(files);
  for (let length = 0x8000; length < iso.length; length += 13) check(iso.subarray(0, length), "a.iso");
});

const telling = [0, 1, 0x7f, 0x80, 0xff];

test("mutated", () => {
  const next = random(20_260_115);
  for (const [name, bytes] of Object.entries({ ...samples, "a.iso": sample.makeIso(files) })) {
    for (let round = 0; round < 300; round++) {
      const mutant = Buffer.from(bytes);
      // The signature stays, and of a disc image only what is used is changed.
      const from = name === "a.iso" ? 0x8008 : 4;
      for (let i = next() % 6; i >= 0; i--) {
        const at = from + (next() % (mutant.length - from));
        mutant[at] = round % 2 === 0 ? (telling[next() % telling.length] ?? 0) : next() & 255;
      }
      check(mutant, name);
    }
  }
});

test("spliced", () => {
  const next = random(7);
  const all = Object.values(samples);
  for (let round = 0; round < 500; round++) {
    const one = all[next() % all.length] ?? zip;
    const other = all[next() % all.length] ?? zip;
    check(Buffer.concat([one.subarray(0, next() % one.length), other.subarray(next() % other.length)]), "a.zip");
  }
});
