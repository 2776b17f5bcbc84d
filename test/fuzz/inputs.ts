// What the fuzzer feeds: real mails, changed, and texts of configuration.

import { globSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { analyse } from "../../shared/message/analyse.ts";
import { parseCases } from "../../shared/testing.ts";
import { wildPackets } from "./gateways.ts";
import { mutate, repeated, torment } from "./mutate.ts";
import type { Random } from "./random.ts";
import { clauses, documentPieces } from "./words.ts";

const root = resolve(import.meta.dirname, "../..");
const corpus = join(root, ".cache/corpus");
/** Mails of each folder of the corpus. */
const sample = 60;
const largest = 100_000;

/** Mails as text, one char a byte: those of the cases, and some of the development corpus where it is. */
export function readMails(random: Random): readonly string[] {
  const mails: string[] = [];
  for (const file of globSync("services/*/cases/**/*.case", { cwd: root }).sort()) {
    for (const { raw } of parseCases(readFileSync(join(root, file), "utf8"), file)) {
      if (raw.length > 0) mails.push(Buffer.from(raw).toString("latin1"));
    }
  }
  for (const folder of globSync("*-*", { cwd: corpus }).sort()) {
    const files = readdirSync(join(corpus, folder));
    for (let left = Math.min(sample, files.length); left > 0; left--) {
      const mail = readFileSync(join(corpus, folder, random.pick(files)));
      if (mail.length > 0 && mail.length < largest) mails.push(mail.toString("latin1"));
    }
  }
  return mails;
}

function mail(random: Random, mails: readonly string[]): Buffer {
  if (random.once(20)) return random.bytes(random.below(2000));
  return random.once(4) ? torment(random) : mutate(random.pick(mails), random.pick(mails), random);
}

function clause(random: Random, most: number): string {
  const runs = Array.from({ length: 1 + random.below(20) }, () =>
    repeated(random, clauses, random.once(10) ? most : 40),
  );
  return runs.join(random.pick(["", " ", "\n"]));
}

/** A small tar and zip to start from, and their bytes bent. */
function archive(random: Random): Buffer {
  const name = Buffer.from("a.txt");
  const local = Buffer.alloc(30 + name.length + 1);
  local.write("PK\x03\x04", "latin1");
  local.writeUInt32LE(1, 18);
  local.writeUInt32LE(1, 22);
  local.writeUInt16LE(name.length, 26);
  name.copy(local, 30);
  const central = Buffer.alloc(46 + name.length);
  central.write("PK\x01\x02", "latin1");
  central.writeUInt32LE(1, 20);
  central.writeUInt32LE(1, 24);
  central.writeUInt16LE(name.length, 28);
  name.copy(central, 46);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  const tar = Buffer.alloc(1536);
  tar.write("a.txt", "latin1");
  tar.write("00000000001", 124, "latin1");
  tar.write("ustar", 257, "latin1");
  const heads = [
    "7z\xbc\xaf\x27\x1c\0\x04",
    "Rar!\x1a\x07\x01\0",
    "Rar!\x1a\x07\0",
    "\x60\xea",
    "MSCF\0\0\0\0",
    "\x28\xb5\x2f\xfd",
  ];
  let bytes = random.pick([
    () => Buffer.concat([local, central, end]),
    () => tar,
    () => gzipSync(random.once(2) ? tar : Buffer.alloc(random.below(20_000_000))),
    () => Buffer.concat([Buffer.from(random.pick(heads), "latin1"), random.bytes(random.below(3000))]),
    () => Buffer.concat([Buffer.alloc(0x8001), Buffer.from("CD001\x01", "latin1"), random.bytes(4000)]),
  ])();
  bytes = Buffer.from(bytes);
  for (let left = random.below(6); left > 0 && bytes.length > 0; left--) {
    bytes[random.below(bytes.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  return random.once(6) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
}

let files: readonly Buffer[] | undefined;

/** Documents and pictures of the cases. */
function readFiles(): readonly Buffer[] {
  const found: Buffer[] = [];
  for (const file of globSync("services/attachments/cases/*.case", { cwd: root }).sort()) {
    for (const { raw } of parseCases(readFileSync(join(root, file), "utf8"), file)) {
      for (const { content } of analyse(raw).attachments) found.push(Buffer.from(content));
    }
  }
  return found;
}

/** A file with some of its bytes changed, or of pieces that its readers look for, many times. */
function someFile(random: Random): Buffer {
  files ??= readFiles();
  const bytes = Buffer.from(random.pick(files));
  for (let left = random.below(8); left > 0; left--) bytes[random.below(bytes.length)] = random.below(256);
  if (random.once(2)) return bytes;
  const pieces = Buffer.from(repeated(random, documentPieces, random.once(10) ? 4_000_000 : 100_000), "latin1");
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), pieces, bytes.subarray(at)]);
}

/** An input for a target. */
export function inputFor(target: string, random: Random, mails: readonly string[]): Buffer {
  if (target === "configuration") return Buffer.from(clause(random, 100_000), "latin1");
  if (target === "expression") return Buffer.from(clause(random, 16_000), "latin1");
  if (target === "pattern") {
    const source = clause(random, 4000).replaceAll("\n", "").slice(0, 4000);
    return Buffer.from(`${source}\n${repeated(random, ["a", "b", "x", "1", " ", "\n"], 20_000)}`, "latin1");
  }
  if (target === "archive") return archive(random);
  if (target === "documents") return someFile(random);
  return target === "milter packets" ? wildPackets(random) : mail(random, mails);
}
