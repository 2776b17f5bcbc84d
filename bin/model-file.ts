// A file of models, for backup and to move them. All of it is checked before any of it is used.
//
//   sluice-model 1 LF
//   JSON LF                       {"made": ISO date, "models": [{"name", "schema", "size"}]}
//   the models one after the other, in gzip
//   SHA-256 of all that comes before, 32 bytes

import { createHash, timingSafeEqual } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { Fault } from "../shared/fault.ts";

export interface SavedModel {
  /** Of the actor that learned it. */
  readonly name: string;
  /** Of its features and tables. */
  readonly schema: number;
  readonly bytes: Uint8Array;
}

const magic = "sluice-model ";
const version = 1;
const lf = 10;
const digestSize = 32;
/** Bytes of a file, and of the models in it. */
const mostBytes = 1024 ** 3;
/** Bytes of the two lines. */
const longestHead = 64 * 1024;

/** Replaces the file: what was there stays whole until the new one is on disk. */
export async function writeModels(file: string, models: readonly SavedModel[]): Promise<void> {
  const bytes = await pack(models);
  const passing = `${file}.${process.pid}.part`;
  try {
    const handle = await open(passing, "w", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(passing, file);
  } catch (thrown) {
    await rm(passing, { force: true });
    throw thrown;
  }
}

/** Faults with `bad-input` when the file is damaged, or no file of models. */
export async function readModels(file: string): Promise<readonly SavedModel[]> {
  const { size } = await stat(file);
  if (size > mostBytes) throw bad(file, "is too large");
  const handle = await open(file);
  try {
    return await unpack(await handle.readFile(), file);
  } finally {
    await handle.close();
  }
}

export async function pack(models: readonly SavedModel[]): Promise<Buffer> {
  const listed = models.map(({ name, schema, bytes }) => ({ name, schema, size: bytes.length }));
  const head = `${magic}${version}\n${JSON.stringify({ made: new Date().toISOString(), models: listed })}\n`;
  const packed = await promisify(gzip)(Buffer.concat(models.map(({ bytes }) => bytes)));
  const all = Buffer.concat([Buffer.from(head), packed]);
  return Buffer.concat([all, sha256(all)]);
}

/** `file` is what messages call it. */
export async function unpack(bytes: Buffer, file: string): Promise<readonly SavedModel[]> {
  if (!bytes.subarray(0, magic.length).equals(Buffer.from(magic))) throw bad(file, "is no file of models");
  const first = bytes.subarray(0, longestHead).indexOf(lf);
  const made = bytes.toString("latin1", magic.length, Math.max(first, 0));
  if (first > 0 && made !== String(version)) {
    throw bad(file, `is of version ${made.slice(0, 20)}; this Sluice reads version ${version}`);
  }
  const end = bytes.length - digestSize;
  const second = bytes.subarray(0, longestHead).indexOf(lf, first + 1);
  if (first < 0 || second < 0 || end < second) throw bad(file, "is damaged: it is cut off");
  const body = bytes.subarray(0, end);
  if (!timingSafeEqual(sha256(body), bytes.subarray(end))) throw bad(file, "is damaged: its checksum is wrong");
  const listed = readList(bytes.toString("utf8", first + 1, second), file);
  const size = listed.reduce((sum, one) => sum + one.size, 0);
  if (size > mostBytes) throw bad(file, "is too large");
  const unpacked = await inflate(body.subarray(second + 1), size, file);
  let at = 0;
  return listed.map(({ name, schema, size }) => {
    at += size;
    return { name, schema, bytes: unpacked.subarray(at - size, at) };
  });
}

async function inflate(packed: Buffer, size: number, file: string): Promise<Buffer> {
  let unpacked: Buffer;
  try {
    unpacked = await promisify(gunzip)(packed, { maxOutputLength: size + 1 });
  } catch {
    throw bad(file, "is damaged: it cannot be unpacked");
  }
  if (unpacked.length !== size) throw bad(file, "is damaged: it does not hold what it lists");
  return unpacked;
}

interface Listed {
  readonly name: string;
  readonly schema: number;
  readonly size: number;
}

function readList(text: string, file: string): readonly Listed[] {
  let head: unknown;
  try {
    head = JSON.parse(text);
  } catch {
    head = null;
  }
  const models = typeof head === "object" && head !== null && "models" in head ? head.models : null;
  if (
    !Array.isArray(models) ||
    !models.every(isListed) ||
    new Set(models.map(({ name }) => name)).size < models.length
  ) {
    throw bad(file, "is damaged: its list of models cannot be read");
  }
  return models;
}

function isListed(value: unknown): value is Listed {
  if (typeof value !== "object" || value === null) return false;
  const { name, schema, size } = value as Partial<Record<keyof Listed, unknown>>;
  const isWhole = (number: unknown) => Number.isSafeInteger(number) && Number(number) >= 0;
  return typeof name === "string" && isWhole(schema) && isWhole(size);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function bad(file: string, what: string): Fault {
  return new Fault("bad-input", `${file} ${what}. Nothing was changed.`);
}
