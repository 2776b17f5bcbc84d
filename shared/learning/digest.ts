// Names a message for the ledger of lessons. The copy that a user reports has gone through delivery since it was scanned:
// it has trace headers, perhaps another subject, other line ends. So the name is made of what delivery leaves alone: the
// Message-ID and the body.

import { createHash } from "node:crypto";
import type { Headers, Structure } from "../task.ts";

const cr = 13;
const lf = 10;

/** 32 hex digits. Two messages have the same when Message-ID (without one: Date and From) and body are the same. */
export function messageDigest(raw: Uint8Array, headers: Headers, structure: Structure): string {
  const hash = createHash("sha256");
  hash.update(headers.messageId ? `id ${headers.messageId}` : nameWithoutId(headers)).update("\0");
  hash.update(plainLines(raw.subarray(structure.headerSize)));
  return hash.digest("hex").slice(0, 32);
}

function nameWithoutId({ fields, from }: Headers): string {
  const date = fields.find(({ key }) => key === "date")?.value ?? "";
  return `from ${from.map(({ address }) => address).join(" ")} ${date}`;
}

/** The bytes without CR, and without empty lines at the end: storage of mail changes both. */
function plainLines(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && (body[end - 1] === cr || body[end - 1] === lf)) end -= 1;
  const text = body.subarray(0, end);
  let at = text.indexOf(cr);
  if (at < 0) return text;
  const plain = new Uint8Array(text.length);
  let length = 0;
  let from = 0;
  for (; at >= 0; at = text.indexOf(cr, from)) {
    plain.set(text.subarray(from, at), length);
    length += at - from;
    from = at + 1;
  }
  plain.set(text.subarray(from), length);
  return plain.subarray(0, length + text.length - from);
}
