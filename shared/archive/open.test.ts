import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Archive } from "./archive.ts";
import { newBudget } from "./limits.ts";
import { openArchive } from "./open.ts";
import * as sample from "./sample.testing.ts";

const files = [
  { name: "NUMBERS.TXT", content: sample.numbers },
  { name: "RUN.EXE", content: sample.program },
];

function open(bytes: Buffer, name = ""): Archive {
  const archive = openArchive(bytes, name, newBudget());
  assert.ok(archive);
  return archive;
}

const names = ({ members }: Archive) => members.map(({ entry }) => entry.name);
const texts = ({ members }: Archive) => members.map((member) => member.unpack(1e6).bytes.toString());

test("each kind lists its files and unpacks those that it can", () => {
  const made: Record<string, Buffer> = {
    zip: sample.makeZip(files),
    tar: sample.makeTar(files),
    rar: sample.makeRar4(files),
    iso: sample.makeIso(files),
    arj: sample.makeArj(files),
  };
  for (const [kind, bytes] of Object.entries({ ...made, rar5: sample.makeRar5(files) })) {
    const archive = open(bytes);
    assert.equal(archive.kind, kind.slice(0, 3), kind);
    assert.deepEqual(archive.flaws, [], kind);
    assert.deepEqual(names(archive), ["NUMBERS.TXT", "RUN.EXE"], kind);
    assert.deepEqual(texts(archive), [sample.numbers, sample.program], kind);
    assert.deepEqual(
      archive.members.map(({ entry }) => entry.size),
      [sample.numbers.length, sample.program.length],
    );
  }
  assert.deepEqual(names(open(sample.makeCab(["a.txt", "b\\c.js"]))), ["a.txt", "b/c.js"]);
});

test("7z: packed headers, and each method", () => {
  for (const [method, bytes] of Object.entries(sample.sevenZips)) {
    const archive = open(bytes);
    assert.deepEqual(names(archive), ["numbers.txt", "run.exe"], method);
    assert.deepEqual(texts(archive), [sample.numbers, sample.program], method);
    assert.equal(archive.members[0]?.entry.method, method);
  }
  assert.deepEqual(open(sample.sevenZipEncrypted).flaws, ["encrypted-names"]);
});

test("one packed file: its name from within, or its own without the packer's", () => {
  const archive = open(gzipSync(sample.numbers), "numbers.txt.gz");
  assert.deepEqual([names(archive), texts(archive)], [["numbers.txt"], [sample.numbers]]);
  assert.deepEqual(names(open(gzipSync("a"), "A.TGZ")), ["A.tar"]);
  const named = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]),
    Buffer.from("in.txt\0"),
    gzipSync("a").subarray(10),
  ]);
  assert.deepEqual([names(open(named, "a.gz")), texts(open(named))], [["in.txt"], ["a"]]);
  assert.deepEqual(texts(open(zstdCompressSync(Buffer.from("a")), "a.zst")), ["a"]);
});

test("rar: volumes and encryption", () => {
  assert.deepEqual(open(sample.makeRar4(files, 1)).flaws, ["split"]);
  assert.deepEqual(open(sample.makeRar4(files, 0x80)).flaws, ["encrypted-names"]);
  assert.deepEqual(open(sample.makeRar5(files, 1)).flaws, ["split"]);
  const [first] = open(sample.makeRar4([{ name: "a", content: "b", flags: 4 }])).members;
  assert.deepEqual([first?.entry.encrypted, first?.unpack(10).bytes.length], [true, 0]);
});

test("tar: long names of both kinds", () => {
  const long = "x/".repeat(100);
  const pax = sample.makeTar([{ name: "p", content: `${`path=${long}`.length + 5} path=${long}\n` }]);
  const gnu = sample.makeTar([{ name: "g", content: `${long}\0` }]);
  for (const [kind, bytes] of [
    ["x", pax],
    ["L", gnu],
  ] as const) {
    bytes.write("        ", 148, "latin1");
    bytes.write(kind, 156, "latin1");
    let sum = 0;
    for (const byte of bytes.subarray(0, 512)) sum += byte;
    bytes.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
    bytes.write("\0 ", 154, "latin1");
    const tar = Buffer.concat([bytes.subarray(0, bytes.length - 1024), sample.makeTar([{ name: "a", content: "b" }])]);
    assert.deepEqual(names(open(tar)), [long], kind);
  }
});

test("what is none", () => {
  for (const text of ["", "P", "PK", "Hello", "\x1f\x8b", "\0".repeat(600)]) {
    assert.equal(openArchive(Buffer.from(text, "latin1"), "a.zip", newBudget()), null);
  }
});

test("an archive behind other bytes is one when it is called so", () => {
  const zip = Buffer.concat([Buffer.from("GIF89a and more"), sample.makeZip(files)]);
  assert.equal(openArchive(zip, "a.gif", newBudget()), null);
  assert.deepEqual([names(open(zip, "a.zip")), open(zip, "a.zip").flaws], [["NUMBERS.TXT", "RUN.EXE"], ["prepended"]]);
  const rar = Buffer.concat([Buffer.from("MZ program"), sample.makeRar5(files)]);
  assert.deepEqual([names(open(rar)), open(rar).flaws], [["NUMBERS.TXT", "RUN.EXE"], ["prepended"]]);
});
