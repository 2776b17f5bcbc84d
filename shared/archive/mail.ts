// A mail that is a file: its attachments are its entries.

import { analyse } from "../message/analyse.ts";
import { defaultLimits, type Limits } from "../message/limits.ts";
import { type Archive, type Member, stored } from "./archive.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { lzmaRoom } from "./lzma.ts";

/** It costs as much as a mail by itself, so its text is left out but for the files in it. */
const limits: Limits = { ...defaultLimits, messageBytes: 4 * 1024 * 1024, parts: 100, textBytes: 1024, readings: 0 };

/** Reading one takes as long as unpacking so many bytes of LZMA, and those that it has. */
const leastCost = 512 * 1024;

/** What a mail begins with: a field. */
const field = /^[\x21-\x39\x3b-\x7e]{1,64}[ \t]{0,9}:/;

export function isMail(bytes: Buffer, name: string): boolean {
  return /\.eml[.\s]*$/i.test(name.slice(-32)) && field.test(bytes.toString("latin1", 0, 100));
}

export function readMail(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const cost = leastCost + bytes.length;
  if (lzmaRoom(cost, budget) < cost) return { kind: "mail", members, flaws: [] };
  const { attachments } = analyse(bytes, limits);
  for (const { filename, content } of attachments) {
    if (!takeEntry(budget)) break;
    const { length } = content;
    const file = Buffer.from(content.buffer, content.byteOffset, length);
    const shape = { size: length, packed: length, encrypted: false, directory: false, method: "stored" };
    members.push({ entry: { name: filename, ...shape }, unpack: (most) => stored(file, 0, length, most) });
  }
  return { kind: "mail", members, flaws: [] };
}
