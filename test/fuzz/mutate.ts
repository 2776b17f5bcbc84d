// Mails changed as a sender from hell would: with a feeling for headers, folds, boundaries, encodings, charsets.
// Text is one char a byte.

import type { Random } from "./random.ts";
import { charsets, encodings, fields, pieces, types } from "./words.ts";

type Change = (mail: string, random: Random) => string;

/** Longest mail that comes out, in bytes. */
const longest = 2_000_000;

function insert(mail: string, at: number, text: string): string {
  return mail.slice(0, at) + text + mail.slice(at);
}

/** Length of the header block. */
function headLength(mail: string): number {
  const end = /\r?\n\r?\n/.exec(mail);
  return end === null ? mail.length : end.index;
}

/** Start of some line of the header block. */
function someField(mail: string, random: Random): number {
  const newline = mail.lastIndexOf("\n", random.below(headLength(mail) + 1));
  return newline + 1;
}

/** Replaces one of the matches of a pattern. */
function replaceSome(mail: string, pattern: RegExp, random: Random, by: (found: string) => string): string {
  const found = [...mail.slice(0, 100_000).matchAll(pattern)];
  if (found.length === 0) return mail;
  const one = random.pick(found);
  return mail.slice(0, one.index) + by(one[0]) + mail.slice(one.index + one[0].length);
}

/** A run of pieces: the same few again and again. */
export function repeated(random: Random, from: readonly string[], most: number): string {
  const unit = Array.from({ length: 1 + random.below(3) }, () => random.pick(from)).join("");
  return unit.repeat(1 + random.below(Math.max(1, Math.floor(most / unit.length))));
}

function wrap(mail: string, random: Random): string {
  const boundary = random.pick(["b", "b b", "b\t", "=_x", "--", "b".repeat(70)]);
  const encoding = random.pick(encodings);
  const inner = encoding === "base64" ? Buffer.from(mail, "latin1").toString("base64") : mail;
  const type = random.pick(["message/rfc822", "text/plain", "multipart/mixed", "text/html"]);
  const close = random.pick([`--${boundary}--\r\n`, "", `--${boundary}-- x\r\n--${boundary}\r\n\r\nmore`]);
  return (
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: ${type}\r\n` +
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n${inner}\r\n${close}`
  );
}

const changes: readonly Change[] = [
  (mail, random) => insert(mail, someField(mail, random), `${random.pick(fields)}\r\n`),
  (mail, random) =>
    insert(mail, someField(mail, random), `${random.pick(fields)}${repeated(random, pieces, 40_000)}\r\n`),
  (mail, random) => insert(mail, random.below(mail.length + 1), repeated(random, pieces, 100_000)),
  (mail, random) => insert(mail, random.below(mail.length + 1), random.bytes(1 + random.below(100)).toString("latin1")),
  (mail, random) => replaceSome(mail, /charset="?[\w-]+/gi, random, () => `charset=${random.pick(charsets)}`),
  (mail, random) =>
    replaceSome(
      mail,
      /boundary=[^\r\n;]*/gi,
      random,
      (old) => `${old}${random.pick([" ", '"', "; boundary=x", "(c)", "\\"])}`,
    ),
  (mail, random) =>
    replaceSome(mail, /^content-type:[^\r\n;]*/gim, random, () => `Content-Type: ${random.pick(types)}`),
  (mail, random) =>
    replaceSome(
      mail,
      /^content-transfer-encoding:[^\r\n]*/gim,
      random,
      () => `Content-Transfer-Encoding: ${random.pick(encodings)}`,
    ),
  (mail, random) => replaceSome(mail, /^--[^\r\n]+\r?\n/gm, random, (line) => line.repeat(1 + random.below(2000))),
  (mail, random) => replaceSome(mail, /^--[^\r\n]+\r?\n/gm, random, (line) => `${line.trimEnd()}--\r\n${line}`),
  (mail, random) =>
    replaceSome(mail, /\r?\n/g, random, () => random.pick(["\r", "\n", "\r\r\n", "\0", "\r\n\r\n", "\n\r"])),
  (mail, random) =>
    replaceSome(mail, / /g, random, () => random.pick(["\r\n ", "\r\n\t", "\n ", "\0", "\r\n \r\n ", "\xa0"])),
  (mail, random) => replaceSome(mail, /^[\w-]+:[^\r\n]*\r?\n/gm, random, (line) => line.repeat(2 + random.below(500))),
  (mail) => mail.replaceAll("\r\n", "\r"),
  (mail) => mail.replaceAll("\r\n", "\n"),
  (mail) => mail.replace(/[a-m]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 128)),
  (mail, random) => mail.slice(0, random.below(mail.length + 1)),
  (mail, random) => mail.slice(0, random.below(mail.length + 1)) + mail.slice(random.below(mail.length + 1)),
  wrap,
];

/** One to six changes of a mail, parts of `other` among them. */
export function mutate(mail: string, other: string, random: Random): Buffer {
  let changed = random.once(8)
    ? mail.slice(0, random.below(mail.length)) + other.slice(random.below(other.length))
    : mail;
  for (let left = 1 + random.below(6); left > 0; left--) {
    const next = random.pick(changes)(changed, random);
    if (next.length <= longest) changed = next;
  }
  return Buffer.from(changed, "latin1");
}

/** A mail of nothing but trouble: a type, a header, and runs of pieces. */
export function torment(random: Random): Buffer {
  const type = random.pick(["text/plain", "text/html", "multipart/mixed; boundary=b", "message/rfc822"]);
  const field = random.once(3)
    ? `${random.pick(["Subject", "From", "Received", "Content-Disposition", "Date"])}: ${repeated(random, pieces, 60_000)}\r\n`
    : "";
  const runs = Array.from({ length: 1 + random.below(3) }, () => repeated(random, pieces, 150_000));
  return Buffer.from(`${field}Content-Type: ${type}\r\n\r\n${runs.join(random.pick(["", "\r\n", "x"]))}`, "latin1");
}
