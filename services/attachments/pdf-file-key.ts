// The key of an encrypted PDF that opens without a password: who locks a file against changes leaves that of readers empty,
// and every program shows it (ISO 32000-2, 7.6.4).

import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { readPdfBytes } from "./pdf-string.ts";

/** How strings and streams are encrypted. */
export type Method = "rc4" | "aes" | "none";

export interface FileKey {
  readonly key: Buffer;
  /** The key counts for all objects; else each has one of its own. */
  readonly isCommon: boolean;
  readonly strings: Method;
  readonly streams: Method;
}

/** What stands for a password that is shorter than 32 bytes (7.6.4.3.2). */
const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");

/** Those that are published (7.6.2, table 20). */
const versions = [1, 2, 4, 5];

/** Characters of a dictionary that are looked at. */
const longestDictionary = 8192;

function md5(...pieces: readonly Buffer[]): Buffer {
  return createHash("md5").update(Buffer.concat(pieces)).digest();
}

export function rc4(key: Buffer, bytes: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    const held = state[i] ?? 0;
    j = (j + held + (key[i % key.length] ?? 0)) & 255;
    state[i] = state[j] ?? 0;
    state[j] = held;
  }
  const out = Buffer.alloc(bytes.length);
  for (let at = 0, i = 0, j = 0; at < bytes.length; at++) {
    i = (i + 1) & 255;
    const held = state[i] ?? 0;
    j = (j + held) & 255;
    const other = state[j] ?? 0;
    state[i] = other;
    state[j] = held;
    out[at] = (bytes[at] ?? 0) ^ (state[(held + other) & 255] ?? 0);
  }
  return out;
}

/** The text of the dictionary that the last trailer names, or that stands in it; "" without. */
function encryptionOf(text: string): string {
  const at = text.lastIndexOf("/Encrypt");
  const [, inside, number, generation] =
    /^\/Encrypt\s{0,9}(?:(<<)|(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}R)/.exec(text.slice(at, at + 60)) ?? [];
  if (at === -1 || (inside === undefined && number === undefined)) return "";
  if (inside !== undefined) return text.slice(at, at + longestDictionary);
  const head = text.lastIndexOf(`${number} ${generation} obj`);
  return head === -1 ? "" : text.slice(head, head + longestDictionary);
}

function stringOf(dictionary: string, key: string): Buffer {
  const found = new RegExp(`/${key}\\s{0,9}(?=[(<])`).exec(dictionary);
  return Buffer.from(found === null ? "" : readPdfBytes(dictionary, found.index + found[0].length), "latin1");
}

function numberAt(dictionary: string, key: string): number | undefined {
  const found = new RegExp(`/${key}\\s{0,9}(-?\\d{1,10})(?!\\d)`).exec(dictionary)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The first of the two names that a file has; in its trailer. */
function idOf(text: string): Buffer {
  const at = text.lastIndexOf("/ID");
  const open = /^\/ID\s{0,9}\[\s{0,9}/.exec(text.slice(at, at + 30))?.[0].length;
  return Buffer.from(at === -1 || open === undefined ? "" : readPdfBytes(text, at + open), "latin1");
}

/** 7.6.4.3.2: algorithm 2; what it opens is told by algorithms 4 and 5. */
function olderKey(text: string, dictionary: string, revision: number, length: number): Buffer | null {
  const owner = stringOf(dictionary, "O").subarray(0, 32);
  const user = stringOf(dictionary, "U");
  const id = idOf(text);
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE((numberAt(dictionary, "P") ?? 0) | 0);
  const open =
    /\/EncryptMetadata\s{0,9}false/.test(dictionary) && revision >= 4 ? Buffer.alloc(4, 0xff) : Buffer.alloc(0);
  let key = md5(padding, owner, permissions, id, open).subarray(0, length);
  if (revision < 3) return rc4(key, padding).equals(user.subarray(0, 32)) ? key : null;
  for (let i = 0; i < 50; i++) key = md5(key).subarray(0, length);
  let check = md5(padding, id);
  for (let i = 0; i < 20; i++) check = rc4(Buffer.from(key.map((byte) => byte ^ i)), check);
  return check.equals(user.subarray(0, 16)) ? key : null;
}

/** 7.6.4.3.4: algorithm 2.B, with an empty password. Revision 5 stops at the first step. */
function hash(salt: Buffer, revision: number): Buffer {
  let key = createHash("sha256").update(salt).digest();
  if (revision < 6) return key;
  for (let round = 0, last = 0; round < 64 || last > round - 32; round++) {
    const cipher = createCipheriv("aes-128-cbc", key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false);
    const mixed = cipher.update(Buffer.concat(Array.from({ length: 64 }, () => key)));
    const kind = mixed.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = createHash(["sha256", "sha384", "sha512"][kind] ?? "")
      .update(mixed)
      .digest();
    last = mixed.at(-1) ?? 0;
  }
  return key.subarray(0, 32);
}

function newerKey(dictionary: string, revision: number): Buffer | null {
  const user = stringOf(dictionary, "U");
  const packed = stringOf(dictionary, "UE").subarray(0, 32);
  if (user.length < 48 || packed.length < 32) return null;
  if (!hash(user.subarray(32, 40), revision).equals(user.subarray(0, 32))) return null;
  const decipher = createDecipheriv("aes-256-cbc", hash(user.subarray(40, 48), revision), Buffer.alloc(16));
  return decipher.setAutoPadding(false).update(packed);
}

function methodOf(dictionary: string, which: "StrF" | "StmF"): Method {
  const [, filter = "Identity"] = new RegExp(`/${which}\\s{0,9}/(\\w{1,30})`).exec(dictionary) ?? [];
  const [, method = "None"] = /\/CFM\s{0,9}\/(\w{1,9})/.exec(dictionary) ?? [];
  if (filter === "Identity" || method === "None") return "none";
  return method === "V2" ? "rc4" : "aes";
}

/** The key that is there for everybody; null for a file that is not encrypted, or asks for a password. */
export function fileKeyOf(text: string): FileKey | null {
  const dictionary = encryptionOf(text);
  if (!/\/Filter\s{0,9}\/Standard(?!\w)/.test(dictionary)) return null;
  const version = numberAt(dictionary, "V") ?? 0;
  const revision = numberAt(dictionary, "R") ?? 0;
  if (!versions.includes(version)) return null;
  const bits = version === 1 ? 40 : version === 4 ? 128 : (numberAt(dictionary, "Length") ?? 40);
  const isCommon = version === 5;
  const key = isCommon
    ? newerKey(dictionary, revision)
    : olderKey(text, dictionary, revision, Math.min(16, Math.max(5, bits >> 3)));
  if (key === null) return null;
  if (version < 4) return { key, isCommon, strings: "rc4", streams: "rc4" };
  return { key, isCommon, strings: methodOf(dictionary, "StrF"), streams: methodOf(dictionary, "StmF") };
}
