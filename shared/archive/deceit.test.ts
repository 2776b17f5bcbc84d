// Files that show one thing to a filter and another to a reader.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Archive } from "./archive.ts";
import { newBudget } from "./limits.ts";
import { openArchive } from "./open.ts";
import { makeTar, makeZip, sevenZips } from "./sample.testing.ts";

const open = (bytes: Buffer, name = "") => openArchive(bytes, name, newBudget());
const names = (archive: Archive | null) => archive?.members.map(({ entry }) => entry.name);

test("a name in UTF-8 that ends otherwise is listed beside the other", () => {
  const zip = makeZip([{ name: "invoice.txt0000000000000000", content: "x" }]);
  // The last bytes of each name become an extra field: kind, length, version, check sum, name.
  const field = Buffer.from("7570090001000000002e6a73", "hex").subarray(0, 16);
  const local = Buffer.from(field);
  for (const [mark, head] of [
    ["PK\x03\x04", 26],
    ["PK\x01\x02", 28],
  ] as const) {
    const at = zip.indexOf(mark, 0, "latin1");
    zip.writeUInt16LE(27 - local.length - 1, at + head);
    zip.writeUInt16LE(local.length + 1, at + head + 2);
    const start = at + (head === 26 ? 30 : 46) + 27 - local.length - 1;
    zip.writeUInt16LE(0x7075, start);
    zip.writeUInt16LE(local.length - 3, start + 2);
    zip.write("\x01\0\0\0\0i.js", start + 4, "latin1");
  }
  const archive = open(zip);
  assert.deepEqual(names(archive), ["invoice.txt000", "i.js"]);
  assert.deepEqual(
    archive?.members.map(({ entry }) => entry.alias),
    [undefined, true],
  );
  assert.deepEqual(archive?.flaws, ["disagree"]);
});

test("a gzip that names its file otherwise than it is named", () => {
  const packed = gzipSync("x");
  const named = Buffer.concat([packed.subarray(0, 10), Buffer.from("a.txt\0"), packed.subarray(10)]);
  named[3] = 8;
  assert.deepEqual(names(open(named, "b.js.gz")), ["a.txt", "b.js"]);
  assert.deepEqual(names(open(named, "b.txt.gz")), ["a.txt"]);
  assert.deepEqual(names(open(named, "b.bin")), ["a.txt"]);
});

test("7z behind other bytes, by its name", () => {
  const [seven = Buffer.alloc(0)] = Object.values(sevenZips);
  const archive = open(Buffer.concat([Buffer.from("junk"), seven]), "a.7z");
  assert.deepEqual(names(archive), names(open(seven)));
  assert.equal(archive?.flaws.includes("prepended"), true);
});

test("a pax record with a key of any form does not hide the path behind it", () => {
  const records = ["SCHILY.xattr.user.a_b-1=v", "path=b.js"].map((text) => `${text.length + 4} ${text}\n`).join("");
  const pax = makeTar([{ name: "x", content: records }]);
  pax.write("x", 156, "latin1");
  let sum = 256;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += pax[i] ?? 0;
  pax.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  assert.deepEqual(names(open(Buffer.concat([pax.subarray(0, 1024), makeTar([{ name: "a.txt", content: "x" }])]))), [
    "b.js",
  ]);
});

test("a sum of signed bytes is as good", () => {
  const tar = makeTar([{ name: "\u00e9.js", content: "x" }]);
  let sum = 256;
  for (let i = 0; i < 512; i++) if (i < 148 || i >= 156) sum += tar.readInt8(i);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  assert.deepEqual(names(open(tar)), ["\u00e9.js"]);
});

/** One attribute of TNEF: level, id, kind, length, data, check sum. */
function attribute(id: number, data: string): Buffer {
  const bytes = Buffer.alloc(11 + data.length);
  bytes[0] = 2;
  bytes.writeUInt16LE(id, 1);
  bytes.writeUInt32LE(data.length, 5);
  bytes.write(data, 9, "latin1");
  return bytes;
}

test("the files of a winmail.dat, under both of their names", () => {
  const properties = "\x01\0\0\0\x1e\0\x07\x37\x01\0\0\0\x0c\0\0\0long name.js\0";
  const tnef = Buffer.concat([
    Buffer.from("789f3e220100", "hex"),
    attribute(0x9002, "\x01\0"),
    attribute(0x800f, "content"),
    attribute(0x8010, "LONGNA~1.TXT\0"),
    attribute(0x9005, properties),
    attribute(0x9002, "\x01\0"),
    attribute(0x8010, "b.txt\0"),
  ]);
  const archive = open(tnef);
  assert.deepEqual(names(archive), ["long name.js", "LONGNA~1.TXT", "b.txt"]);
  assert.equal(archive?.members[0]?.unpack(100).bytes.toString(), "content");
  for (let length = 0; length < tnef.length; length++) open(tnef.subarray(0, length));
});

test("a mail as a file, as far as the budget goes", () => {
  const mail = Buffer.from("From: a@example.org\nContent-Type: application/octet-stream; name=a.js\n\nx\n");
  assert.deepEqual(names(open(mail, "b.eml")), ["a.js"]);
  assert.equal(open(mail, "b.txt"), null);
  const budget = { ...newBudget(), lzmaBytes: 1000 };
  assert.deepEqual(names(openArchive(mail, "b.eml", budget)), []);
  assert.deepEqual([...budget.reached], ["unpacked"]);
});
