// Names a message for the ledger of lessons. The copy that a user reports has gone through delivery since it was scanned:
// it has trace headers, perhaps another subject, other line ends, another transfer encoding (RFC 6152, 3: a relay encodes
// what the next one does not take), and ">" before lines that begin with From (RFC 4155). So the name is made of what delivery
// leaves alone: the Message-ID, and what the parts hold.

import { createHash } from "node:crypto";
import { asBuffer } from "../as-buffer.ts";
import { decodeTransfer } from "../message/transfer.ts";
import type { Headers, Part, Structure } from "../task.ts";

const cr = 13;
const lf = 10;
const quotedFrom = Buffer.from(">From ");
const quote = 0x3e;
/** Quotes that are looked at: a mail made of nothing else must not take seconds. */
const mostQuotes = 10_000;

/** 32 hex digits. Two messages have the same when Message-ID (without one: Date and From) and what their parts hold are the same. */
export function messageDigest(raw: Uint8Array, headers: Headers, structure: Structure): string {
  const hash = createHash("sha256");
  hash.update(headers.messageId ? `id ${headers.messageId}` : nameWithoutId(headers));
  const bytes = asBuffer(raw);
  if (isCut(structure)) hash.update("\0").update(plainLines(bytes.subarray(structure.headerSize)));
  else {
    for (const { start, end, encoding } of contentsOf(structure.parts)) {
      hash.update("\0").update(plainLines(decodeTransfer(bytes.subarray(start, end), encoding).bytes));
    }
  }
  return hash.digest("hex").slice(0, 32);
}

function nameWithoutId({ fields, from }: Headers): string {
  const date = fields.find(({ key }) => key === "date")?.value ?? "";
  return `from ${from.map(({ address }) => address).join(" ")} ${date}`;
}

/** Whether something of the message lies in no part. */
function isCut({ flaws }: Structure): boolean {
  return flaws.some(({ kind }) => kind === "limit-size" || kind === "limit-parts");
}

/** The parts that hold something, each byte in one of them: what a message within holds is its own. */
function contentsOf(parts: readonly Part[]): readonly Part[] {
  const first = parts.filter(({ reading }) => reading === undefined);
  const containers = new Set([-1]);
  const parents = new Set(first.map(({ parent }) => parent));
  const contents: Part[] = [];
  for (const part of first) {
    if (!containers.has(part.parent)) continue;
    if (part.type.startsWith("multipart/") && parents.has(part.id)) containers.add(part.id);
    else contents.push(part);
  }
  return contents;
}

/** The bytes without CR, quotes of From and empty lines at the end: storage of mail changes all three. */
function plainLines(body: Buffer): Buffer {
  let end = body.length;
  while (end > 0 && (body[end - 1] === cr || body[end - 1] === lf)) end -= 1;
  const text = body.subarray(0, end);
  return withoutQuotes(withoutCr(text));
}

function withoutCr(text: Buffer): Buffer {
  let at = text.indexOf(cr);
  if (at < 0) return text;
  const plain = Buffer.allocUnsafe(text.length);
  let length = 0;
  let from = 0;
  for (; at >= 0; at = text.indexOf(cr, from)) {
    length += text.copy(plain, length, from, at);
    from = at + 1;
  }
  length += text.copy(plain, length, from);
  return plain.subarray(0, length);
}

function withoutQuotes(text: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  let at = text.indexOf(quotedFrom);
  for (let looks = 0; at >= 0 && looks < mostQuotes; looks++, at = text.indexOf(quotedFrom, at + 1)) {
    let first = at;
    while (first > from && text[first - 1] === quote) first -= 1;
    if (first > 0 && text[first - 1] !== lf) continue;
    pieces.push(text.subarray(from, first));
    from = at + 1;
  }
  return from === 0 ? text : Buffer.concat([...pieces, text.subarray(from)]);
}
