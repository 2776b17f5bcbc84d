import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { type ArchiveLimits, defaultArchiveLimits, newBudget } from "./limits.ts";
import { makeTarGzip, makeZip, sevenZips } from "./sample.testing.ts";
import { type Listing, walkArchive, walkWithin } from "./walk.ts";

function walk(bytes: Buffer, limits: Partial<ArchiveLimits> = {}, name = "") {
  return walkArchive(bytes, { ...defaultArchiveLimits, ...limits }, name);
}

/** Names with those within behind them. */
function tree(listing: Listing | null): unknown {
  return listing?.entries.map((entry) => (entry.inside === null ? entry.name : [entry.name, tree(entry.inside)]));
}

test("archives within archives, by what they are", () => {
  const inner = makeZip([{ name: "a.txt", content: "x" }]);
  const tar = makeTarGzip([
    { name: "in.dat", content: inner },
    { name: "in.7z", content: sevenZips.lzma ?? "" },
  ]);
  const { listing, limits } = walk(makeZip([{ name: "b.tgz", content: tar }]));
  assert.deepEqual(tree(listing), [
    [
      "b.tgz",
      [
        [
          "b.tar",
          [
            ["in.dat", ["a.txt"]],
            ["in.7z", ["numbers.txt", "run.exe"]],
          ],
        ],
      ],
    ],
  ]);
  assert.deepEqual(limits, []);
  assert.equal(walk(Buffer.from("Hello")).listing, null);
});

test("types of entries by their first bytes", () => {
  const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(20_000, 7)]);
  assert.equal(walk(makeZip([{ name: "a.exe", content: png }])).listing?.entries[0]?.detected, "image/png");
});

test("a visitor sees what it wants, however deep", () => {
  const pdf = `%PDF-1.4 ${"x".repeat(9000)}`;
  const seen: string[] = [];
  const visitor = {
    wants: (type: string) => type === "application/pdf",
    visit: (content: Buffer, { name }: { name: string }) => seen.push(`${name} ${content.length}`),
  };
  const bytes = makeZip([{ name: "in.zip", content: makeZip([{ name: "a.pdf", content: pdf }]) }]);
  walkWithin(bytes, "", newBudget(), visitor);
  assert.deepEqual(seen, [`a.pdf ${pdf.length}`]);
});

test("each limit is reached and named", () => {
  const two = makeZip([
    { name: "a".repeat(40), content: "x" },
    { name: "b", content: "y" },
  ]);
  const nested = makeZip([{ name: "in.zip", content: two }]);
  const zeros = makeZip([{ name: "a.tar", content: gzipSync(Buffer.alloc(500_000)) }]);
  assert.deepEqual(walk(two, { entries: 1 }).limits, ["entries"]);
  assert.deepEqual(walk(two, { contents: 1 }).limits, ["contents"]);
  assert.deepEqual(walk(two, { nameLength: 20 }).limits, ["name-length"]);
  assert.deepEqual(walk(nested, { depth: 1 }).limits, ["depth"]);
  assert.deepEqual(walk(zeros, { unpackedBytes: 100_000 }).limits, ["unpacked"]);
  assert.deepEqual(walk(gzipSync(Buffer.alloc(500_000)), { entryBytes: 100_000 }, "a.tar.gz").limits, ["entry-size"]);
  assert.deepEqual(walk(gzipSync(Buffer.alloc(500_000)), { ratio: 10, ratioFrom: 10_000 }, "a.tar.gz").limits, [
    "ratio",
  ]);
  assert.deepEqual(walk(sevenZips.lzma ?? Buffer.alloc(0), { lzmaBytes: 200 }).limits, ["unpacked"]);
});

test("a bomb of gzip within gzip", () => {
  let bytes = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  for (let i = 0; i < 6; i++) bytes = gzipSync(bytes);
  const { limits } = walk(bytes, {}, "a.gz");
  assert.deepEqual(limits, ["depth"]);
});

test("a bomb of zips within zips, sixteen in each", () => {
  let bytes = makeZip([{ name: "0.tar", content: Buffer.alloc(8 * 1024 * 1024) }]);
  for (let level = 0; level < 5; level++) {
    bytes = makeZip(Array.from({ length: 16 }, (_, i) => ({ name: `${i}.zip`, content: bytes })));
  }
  assert.deepEqual(new Set(walk(bytes).limits), new Set(["depth", "contents"]));
  const deep = walk(bytes, { depth: 16 }).limits;
  assert.ok(
    deep.some((limit) => limit === "unpacked" || limit === "contents" || limit === "entries"),
    deep.join(),
  );
});

test("a bomb whose entries share one piece of packed zeros", () => {
  const packed = deflateRawSync(Buffer.alloc(4 * 1024 * 1024));
  const one = makeZip([{ name: "0.tar", content: Buffer.alloc(4 * 1024 * 1024) }]);
  assert.ok(one.includes(packed));
  const at = one.indexOf("PK\x01\x02");
  const central = one.subarray(at, one.length - 22);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt32LE(central.length * 2000, 12);
  const bytes = Buffer.concat([one.subarray(0, at), ...new Array<Buffer>(2000).fill(central), end]);
  const { listing, limits } = walk(bytes);
  assert.ok(listing?.flaws.includes("overlap"));
  assert.deepEqual(new Set(limits), new Set(["ratio", "unpacked"]));
});

test("100,000 entries", () => {
  const files = Array.from({ length: 100_000 }, (_, i) => ({ name: `${i}.js`, content: "", stored: true }));
  const { listing, limits } = walk(makeZip(files));
  assert.equal(listing?.entries.length, defaultArchiveLimits.entries);
  assert.deepEqual(new Set(limits), new Set(["contents", "entries"]));
});
