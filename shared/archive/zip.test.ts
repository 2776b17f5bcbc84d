import assert from "node:assert/strict";
import { test } from "node:test";
import type { Archive } from "./archive.ts";
import { newBudget } from "./limits.ts";
import { makeZip } from "./sample.testing.ts";
import { readZip } from "./zip.ts";

const read = (bytes: Buffer) => readZip(bytes, newBudget());
const names = ({ members }: Archive) => members.map(({ entry }) => entry.name);
const texts = ({ members }: Archive) => members.map((member) => member.unpack(1000).bytes.toString());

test("a local header that names the file otherwise lists both names", () => {
  const archive = read(makeZip([{ name: "a.txt", localName: "b.exe", content: "c" }]));
  assert.deepEqual([names(archive), archive.flaws], [["a.txt", "b.exe"], ["disagree"]]);
  assert.deepEqual(texts(archive), ["c", "c"]);
});

test("a file that the directory leaves out is listed, wherever it stands", () => {
  const archive = read(
    makeZip([
      { name: "1.js", content: "x", hidden: true },
      { name: "2.txt", content: "y" },
      { name: "3.js", content: "z", hidden: true, descriptor: true },
    ]),
  );
  assert.deepEqual([names(archive), archive.flaws], [["2.txt", "1.js", "3.js"], ["hidden"]]);
  assert.deepEqual(texts(archive), ["y", "x", "z"]);
});

test("a zip in a zip that is stored is content, not hidden entries", () => {
  const archive = read(makeZip([{ name: "in.zip", content: makeZip([{ name: "a", content: "b" }]), stored: true }]));
  assert.deepEqual([names(archive), archive.flaws], [["in.zip"], []]);
});

test("without a directory, sizes behind the content and all", () => {
  const whole = makeZip([
    { name: "a", content: "first", descriptor: true },
    { name: "b", content: "second" },
  ]);
  const archive = read(whole.subarray(0, whole.indexOf("PK\x01\x02")));
  assert.deepEqual([names(archive), texts(archive), archive.flaws], [["a", "b"], ["first", "second"], ["truncated"]]);
});

test("encryption by flag or method, of either header", () => {
  const [first] = read(makeZip([{ name: "a", content: "b", flags: 1 }])).members;
  assert.deepEqual([first?.entry.encrypted, first?.unpack(10).bytes.length], [true, 0]);
  const bytes = makeZip([{ name: "a", content: "b" }]);
  bytes[6] = 1;
  assert.deepEqual(read(bytes).flaws, ["disagree"]);
});

test("zip64: sizes and the place of the directory", () => {
  const small = makeZip([{ name: "a", content: "b", stored: true }]);
  const at = small.indexOf("PK\x01\x02");
  const local = small.subarray(0, at);
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(1n, 4);
  extra.writeBigUInt64LE(1n, 12);
  const central = Buffer.concat([small.subarray(at, at + 47), extra]);
  central.writeUInt32LE(0xffffffff, 20);
  central.writeUInt32LE(0xffffffff, 24);
  central.writeUInt16LE(20, 30);
  const wide = Buffer.alloc(56);
  wide.write("PK\x06\x06", 0, "latin1");
  wide.writeBigUInt64LE(1n, 32);
  wide.writeBigUInt64LE(BigInt(central.length), 40);
  wide.writeBigUInt64LE(BigInt(at), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", 0, "latin1");
  locator.writeBigUInt64LE(BigInt(at + central.length), 8);
  const end = Buffer.alloc(22, 0xff);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt32LE(0, 4);
  end.writeUInt16LE(0, 20);
  const archive = read(Buffer.concat([local, central, wide, locator, end]));
  assert.deepEqual([names(archive), texts(archive), archive.flaws], [["a"], ["b"], []]);
  assert.deepEqual([archive.members[0]?.entry.size, archive.members[0]?.entry.packed], [1, 1]);
});

test("entries that share bytes, and a name in UTF-8 and in something else", () => {
  const one = makeZip([{ name: "é\u202e.txt", content: "x" }]);
  assert.deepEqual(names(read(one)), ["é\u202e.txt"]);
  const at = one.indexOf("PK\x01\x02");
  const central = one.subarray(at, one.length - 22);
  const end = Buffer.from(one.subarray(one.length - 22));
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(central.length * 2, 12);
  assert.deepEqual(read(Buffer.concat([one.subarray(0, at), central, central, end])).flaws, ["overlap"]);
  const other = makeZip([{ name: "xyz", content: "x" }]);
  for (let i = other.indexOf("xyz"); i !== -1; i = other.indexOf("xyz", i)) other[i] = 0xff;
  assert.deepEqual(names(read(other)), ["ÿyz"]);
});

test("marks that lead nowhere are not looked at without end", () => {
  for (const head of ["PK\x03\x04", `PK\x03\x04\x14\0\x08${"\0".repeat(19)}\x01\0\0\0a`]) {
    const budget = newBudget();
    const content = head.length === 4 ? head : "PK";
    readZip(Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(1_000_000, content, "latin1")]), budget);
    assert.deepEqual([...budget.reached], ["entries"]);
  }
});
