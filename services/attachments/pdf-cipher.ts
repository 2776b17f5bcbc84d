// What stands in an encrypted PDF that opens without a password (ISO 32000-2, 7.6.3).

import { createDecipheriv, createHash } from "node:crypto";
import { type Effort, spend } from "./effort.ts";
import { type FileKey, type Method, rc4 } from "./pdf-file-key.ts";

/** An object by its number and generation. */
export interface ObjectId {
  readonly number: number;
  readonly generation: number;
}

/** What the key of an object costs, and a byte. */
const keyCost = 200;
const byteCost = 1;
const block = 16;

/** A string, one char a byte, as it is given. */
export function decryptString(file: FileKey, written: string, id: ObjectId, effort: Effort): string {
  return decrypt(file, file.strings, Buffer.from(written, "latin1"), id, effort).toString("latin1");
}

export function decryptStream(file: FileKey, content: Buffer, id: ObjectId, effort: Effort): Buffer {
  return decrypt(file, file.streams, content, id, effort);
}

function decrypt({ key, isCommon }: FileKey, method: Method, whole: Buffer, id: ObjectId, effort: Effort): Buffer {
  if (method === "none") return whole;
  const bytes = whole.subarray(0, Math.max(0, Math.ceil(effort.left / byteCost)));
  spend(effort, keyCost + bytes.length * byteCost);
  const own = isCommon ? key : objectKey(key, id, method);
  return method === "rc4" ? rc4(own, bytes) : withoutAes(own, bytes);
}

/** 7.6.3.2, algorithm 1. */
function objectKey(key: Buffer, { number, generation }: ObjectId, method: Method): Buffer {
  const id = Buffer.from([number, number >> 8, number >> 16, generation, generation >> 8]);
  const hash = createHash("md5").update(key).update(id);
  if (method === "aes") hash.update("sAlT");
  return hash.digest().subarray(0, Math.min(16, key.length + id.length));
}

/** The first block is the start value. What is left over at the end is no whole block, and readers do without. */
function withoutAes(key: Buffer, bytes: Buffer): Buffer {
  const end = bytes.length - (bytes.length % block);
  if (end < 2 * block) return Buffer.alloc(0);
  const decipher = createDecipheriv(key.length === 32 ? "aes-256-cbc" : "aes-128-cbc", key, bytes.subarray(0, block));
  const plain = decipher.setAutoPadding(false).update(bytes.subarray(block, end));
  const pad = plain.at(-1) ?? 0;
  return pad >= 1 && pad <= block ? plain.subarray(0, plain.length - pad) : plain;
}

/** Characters of an object before a place in it. */
const longestObject = 32_768;

/** The object that a place of a text of objects belongs to; null where none begins before it. */
export function objectAt(whole: string, place: number): ObjectId | null {
  const text = whole.slice(Math.max(0, place - longestObject), place);
  const mark = text.lastIndexOf(" obj");
  const [, number, generation] =
    /(\d{1,10})\s{1,9}(\d{1,5})\s{0,9}$/.exec(text.slice(Math.max(0, mark - 30), mark)) ?? [];
  return number === undefined ? null : { number: Number(number), generation: Number(generation) };
}
