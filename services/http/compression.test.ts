import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { acceptedEncoding, bodyEncoding, decompress } from "./compression.ts";
import { readFields } from "./request-fields.ts";

test("what the headers and the first bytes say", () => {
  const zstd = zstdCompressSync("x");
  assert.equal(bodyEncoding(readFields([], ""), zstd), "zstd");
  assert.equal(bodyEncoding(readFields(["Compression", "ZSTD"], ""), Buffer.from("x")), "zstd");
  assert.equal(bodyEncoding(readFields(["Content-Encoding", "gzip"], ""), zstd), "gzip");
  assert.equal(bodyEncoding(readFields([], ""), Buffer.from("x")), null);
  assert.throws(() => bodyEncoding(readFields(["Content-Encoding", "br"], ""), zstd), { code: "bad-input" });
});

test("a body grows to its limit and no further", async () => {
  for (const [encoding, bytes] of [
    ["zstd", zstdCompressSync("a".repeat(1000))],
    ["gzip", gzipSync("a".repeat(1000))],
  ] as const) {
    assert.equal((await decompress(bytes, encoding, 1000)).length, 1000);
    await assert.rejects(decompress(bytes, encoding, 999), { code: "too-large" });
    await assert.rejects(decompress(bytes.subarray(0, bytes.length - 3), encoding, 1000), { code: "bad-input" });
    await assert.rejects(decompress(Buffer.from("noise"), encoding, 1000), { code: "bad-input" });
  }
});

test("a body is all of its frames, and nothing else", async () => {
  const frame = (text: string) => zstdCompressSync(text);
  const skippable = Buffer.from("572a4d1803000000616263", "hex");
  const whole = Buffer.concat([skippable, frame("one, "), frame(""), skippable, frame("two")]);
  assert.equal(String(await decompress(whole, "zstd", 8)), "one, two");
  await assert.rejects(decompress(whole, "zstd", 7), { code: "too-large" });
  for (const bytes of [
    Buffer.concat([frame("one"), Buffer.from("noise")]),
    Buffer.concat([frame("one"), frame("two").subarray(0, -1)]),
    Buffer.concat([frame("one"), skippable.subarray(0, -1)]),
    skippable,
    Buffer.concat([...Array<Buffer>(1_001).fill(skippable), frame("one")]),
  ]) {
    await assert.rejects(decompress(bytes, "zstd", 1000), { code: "bad-input" });
  }
});

test("many at once all finish, whatever some of them throw", async () => {
  const good = gzipSync("good");
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, at) => decompress(at % 3 === 0 ? Buffer.from("bad") : good, "gzip", 100)),
  );
  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 26);
});

test("the encodings that a client accepts", () => {
  assert.equal(acceptedEncoding(undefined), null);
  assert.equal(acceptedEncoding("gzip, deflate, br, zstd"), "zstd");
  assert.equal(acceptedEncoding("GZIP"), "gzip");
  assert.equal(acceptedEncoding("zstd;q=0, gzip;q=0.0"), null);
  assert.equal(acceptedEncoding("identity"), null);
});
