import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { inflate } from "./inflate.ts";

/** What does not pack well: a generator of bytes. */
function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return state & 63;
    }),
  );
}

const content = noise(100_000);

test("a check sum that is untrue changes nothing", () => {
  const zlib = deflateSync(content);
  zlib[zlib.length - 1] = (zlib.at(-1) ?? 0) ^ 1;
  assert.ok(inflate(zlib, "zlib", 200_000).bytes.equals(content));
  const gzip = gzipSync(content);
  gzip[gzip.length - 6] = (gzip.at(-6) ?? 0) ^ 1;
  const { bytes } = inflate(gzip, "gzip", 200_000);
  assert.ok(bytes.length > 90_000 && bytes.equals(content.subarray(0, bytes.length)));
});

test("what stands before broken bytes comes out", () => {
  // Blocks that are stored begin with lengths that must agree.
  const stored = deflateRawSync(content, { level: 0 });
  stored.fill(0xff, 70_000, 99_000);
  const { bytes, whole } = inflate(stored, "raw", 200_000);
  assert.ok(bytes.length >= 60_000, `${bytes.length}`);
  assert.equal(whole, false);
});

test("of what is too long at least half of what may come out, and the work is counted", () => {
  const { bytes, whole, work } = inflate(deflateRawSync(content), "raw", 40_000);
  assert.ok(bytes.length > 20_000 && bytes.length <= 40_000, `${bytes.length}`);
  assert.equal(whole, false);
  assert.ok(work >= 40_000);
});
