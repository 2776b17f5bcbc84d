// Messages with all that canonical forms are about: folds, blanks, tabs, 8-bit text, empty lines, missing line ends.

import type { SignedName } from "../../services/auth/dkim/sign.ts";
import type { Random } from "../fuzz/random.ts";

export interface Sample {
  /** CRLF line ends. */
  readonly raw: Buffer;
  /** Fields to sign. */
  readonly names: readonly SignedName[];
}

const subjects = [
  " Hello",
  " Hello  there",
  "Hello",
  "\tHello\tthere ",
  " Hello \r\n\t  there\r\n you",
  "\r\n Hello there",
  " caf\xc3\xa9 \xe9\xff",
  " =?utf-8?q?caf=C3=A9?=",
  " a;b=c; d = e",
];

const others = [
  "To: b@example.net",
  "To: =?utf-8?q?B=C3=A9?= <b@example.net>,\r\n c@example.net",
  "Cc: d@example.net , \r\n\te@example.net",
  "Date: Thu, 15 Jan 2026 12:00:00 +0000",
  "Message-ID: <1@example.org>",
  "MIME-Version: 1.0",
  "CONTENT-TYPE: text/plain;\r\n\tcharset=utf-8",
  "X-Empty:",
  "X-Blank:  ",
  "Received: from a by b; Thu, 15 Jan 2026 12:00:00 +0000",
  "Received: from c\r\n\tby a (Postfix)\r\n\tid 1234; Thu, 15 Jan 2026 11:00:00 +0000",
  "List-Unsubscribe: <https://example.org/u?a=b;c>",
];

const lines = [
  "Hello",
  "Hello  there ",
  "\tindented\tby  tabs\t",
  " ",
  "",
  "",
  ".",
  "caf\xc3\xa9 \xe9\xff\x80",
  "=3D quoted-printable=20",
  "x".repeat(900),
  "trailing tab\t",
];

function bodyOf(random: Random): string {
  if (random.once(12)) return "";
  if (random.once(12)) return "\r\n".repeat(1 + random.below(3));
  const count = random.once(10) ? 600 : 1 + random.below(12);
  let body = "";
  for (let line = 0; line < count; line++) body += `${random.pick(lines)}\r\n`;
  if (random.once(4)) body += "\r\n".repeat(1 + random.below(3));
  // No line end at all behind the last line.
  else if (random.once(3)) body += random.pick(["last", "last ", "\tlast\t"]);
  return body;
}

export function sample(random: Random): Sample {
  const fields = ["From: A <a@example.org>", ...others.filter(() => !random.once(3))];
  fields.splice(random.below(fields.length), 0, `Subject:${random.pick(subjects)}`);
  const raw = Buffer.from(`${fields.join("\r\n")}\r\n\r\n${bodyOf(random)}`, "latin1");
  const names: SignedName[] = [{ name: "From", over: random.below(2) }];
  for (const name of ["Subject", "To", "cc", "DATE", "Message-Id", "Content-Type", "X-Empty", "X-Blank", "Received"]) {
    if (!random.once(4)) names.push({ name, over: random.below(2) });
  }
  return { raw, names };
}

/**
 * A message as it goes over the wire: its last line ends (RFC 5321, 4.1.1.4), whatever a gateway hands to us. Programs
 * that were made for the wire disagree where it does not: Mail::DKIM adds no line end in `simple` form, dkimpy and
 * OpenDKIM leave blanks in front of it in `relaxed` form.
 */
export function asSent(raw: Buffer): Buffer {
  return raw.subarray(-2).toString("latin1") === "\r\n" ? raw : Buffer.concat([raw, Buffer.from("\r\n")]);
}
