// Reads the development corpus with the parser of shared/message and with mailparser, and compares. Where the two
// differ there is a reason: each has its line in `reasons`. A difference without one fails.

import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AddressObject, type ParsedMail, simpleParser } from "mailparser";
import { type Analysis, analyse } from "../shared/message/analyse.ts";
import type { FlawKind, Mailbox, Part } from "../shared/task.ts";

const corpus = process.env.SLUICE_CORPUS ?? join(import.meta.dirname, "../.cache/corpus");
const folders = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];

/** Every so many mails one is read: mailparser takes some milliseconds for each. */
const stride = 3;

type Aspect = "subject" | "from" | "to" | "text" | "html" | "attachments";

/** What both parsers say about one aspect of a mail, as one string. */
interface Difference {
  readonly aspect: Aspect;
  readonly ours: string;
  readonly theirs: string;
  readonly facts: Analysis;
  readonly mail: ParsedMail;
}

const hasFlaw = (facts: Analysis, ...kinds: FlawKind[]) =>
  facts.structure.flaws.some(({ kind }) => kinds.includes(kind));
const hasPart = (facts: Analysis, test: (part: Part) => boolean) => facts.structure.parts.some(test);
const ascii = (text: string) => text.replace(/[^\x21-\x7e]+/g, "").toLowerCase();
const isAddress = ({ aspect }: Difference) => aspect === "from" || aspect === "to";
const isBody = ({ aspect }: Difference) => aspect === "text" || aspect === "html";

const reasons: readonly (readonly [why: string, applies: (difference: Difference) => boolean])[] = [
  [
    "host names do not differ by case: ours are in lower case",
    (d) => isAddress(d) && d.ours === d.theirs.toLowerCase(),
  ],
  [
    "mailparser drops a display name that repeats the address, which rules want to see",
    (d) => isAddress(d) && withoutRepeatedNames(d.ours) === withoutRepeatedNames(d.theirs),
  ],
  [
    "a host ends in a dot: ours is without",
    (d) => isAddress(d) && d.ours === d.theirs.toLowerCase().replace(/\.>/g, ">"),
  ],
  ["no address, so each makes of it what it can", (d) => isAddress(d) && hasFlaw(d.facts, "bad-address")],
  [
    "a name that holds an address, without quotes: mailparser drops it",
    (d) => isAddress(d) && /[^<]@[^>]* </.test(d.ours) && withoutNames(d.ours) === withoutNames(d.theirs),
  ],
  [
    "brackets within a comment: mailparser keeps a stray one as the name",
    (d) => isAddress(d) && /\(.*\(/.test(rawTo(d.facts)),
  ],
  [
    "bytes outside of the declared charset: mailparser shows U+FFFD, we read UTF-8 or windows-1252",
    (d) => ascii(d.ours) === ascii(d.theirs) && d.theirs.includes("\ufffd"),
  ],
  [
    "format=flowed: mailparser joins the lines (RFC 3676), we leave them",
    (d) => d.aspect === "text" && hasPart(d.facts, flowed) && unspaced(d.ours) === unspaced(d.theirs),
  ],
  [
    "a message or a report within: mailparser takes delivery reports as text and repeats headers of messages",
    (d) => hasPart(d.facts, (part) => part.type.startsWith("message/") || part.type === "text/rfc822-headers"),
  ],
  ["text/enriched is text to be read, not a file", (d) => hasPart(d.facts, (part) => part.type === "text/enriched")],
  ["uuencoded files are files, not text", (d) => hasFlaw(d.facts, "uuencode")],
  ["no boundary line comes: we guess the boundary, or show the body", (d) => hasFlaw(d.facts, "missing-boundary")],
  [
    "the semicolon behind the type is missing: mailparser reads no type",
    (d) => hasPart(d.facts, ({ type, parent }) => parent === -1 && type.startsWith("text/")) && theirTypeIsOdd(d),
  ],
  ["junk within base64", (d) => isBody(d) && hasFlaw(d.facts, "bad-base64")],
  ["a broken escape of quoted-printable", (d) => isBody(d) && hasFlaw(d.facts, "bad-quoted-printable")],
  [
    "a closing boundary line with junk behind it closes (RFC 2046, 5.1.1 compares the beginning of the line)",
    (d) => isBody(d) && d.theirs.startsWith(d.ours) && /--\S+--\S/.test(d.theirs.slice(d.ours.length)),
  ],
  [
    "text that is named is a file too, and stays text",
    (d) => d.aspect === "attachments" && onlyFiles(d.facts) === d.theirs,
  ],
];

function rawTo(facts: Analysis): string {
  return facts.headers.fields.map(({ key, raw }) => (key === "to" || key === "from" ? raw : "")).join("");
}

const flowed = (part: Part) => part.params.format?.toLowerCase() === "flowed";
const unspaced = (text: string) => text.replace(/\s+/g, "");

function theirTypeIsOdd({ mail }: Difference): boolean {
  return mail.attachments.some(({ contentType }) => contentType.includes(" "));
}

function withoutRepeatedNames(list: string): string {
  return list.toLowerCase().replace(/(^|, )(\S+) <\2>/g, "$1 <$2>");
}

function withoutNames(list: string): string {
  return list.replace(/[^,<]*</g, "<").toLowerCase();
}

function squash(text: string): string {
  return text.replace(/[ \t\r\n]+/g, " ").trim();
}

function format(name: string, address: string): string {
  return `${squash(name)} <${address}>`;
}

function ourAddresses(list: readonly Mailbox[]): string {
  return list.map(({ name, address }) => format(name, address)).join(", ");
}

function theirAddresses(field: AddressObject | AddressObject[] | undefined): string {
  const lists = field === undefined ? [] : [field].flat();
  const entries = lists.flatMap(({ value }) => value).flatMap((entry) => entry.group ?? [entry]);
  return entries.map(({ name, address = "" }) => format(name, address)).join(", ");
}

/** Names and digests; types are left out, for mailparser replaces some by what the extension says. */
function files(list: readonly { readonly filename: string; readonly digest: string }[]): string {
  return list.map(({ filename, digest }) => `${filename} ${digest}`).join(", ");
}

function onlyFiles({ attachments, text }: Analysis): string {
  return files(attachments.filter((file) => !text.some(({ part }) => part === file.part)));
}

function theirFiles({ attachments }: ParsedMail): string {
  const digestOf = (content: Buffer) => hash("sha256", content, "hex").slice(0, 32);
  return files(attachments.map(({ filename = "", content }) => ({ filename, digest: digestOf(content) })));
}

/** Facts without what other mail readers would make of the message: mailparser is one reader. */
function firstReading(facts: Analysis): Analysis {
  const { parts } = facts.structure;
  const isFirst = ({ part }: { readonly part: number }) => parts[part]?.reading === undefined;
  const { text, html, attachments } = facts;
  return { ...facts, text: text.filter(isFirst), html: html.filter(isFirst), attachments: attachments.filter(isFirst) };
}

function differences(facts: Analysis, mail: ParsedMail): Difference[] {
  const { headers, text, html } = facts;
  const plain = text.filter((one) => !one.html).map((one) => one.text);
  const lineBreaks = (source: string) => source.replace(/<br ?\/?>/g, " ");
  const pairs: readonly (readonly [Aspect, string, string])[] = [
    ["subject", squash(headers.subject ?? ""), squash(mail.subject ?? "")],
    ["from", ourAddresses(headers.from), theirAddresses(mail.from)],
    ["to", ourAddresses(headers.to), theirAddresses(mail.to)],
    ["text", squash(plain.join("\n")), squash(mail.text ?? "")],
    // mailparser puts line breaks of its own between several HTML parts.
    ["html", squash(lineBreaks(html.map(({ source }) => source).join("\n"))), squash(lineBreaks(mail.html || ""))],
    ["attachments", files(facts.attachments), theirFiles(mail)],
  ];
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([aspect, ours, theirs]) => ({ aspect, ours, theirs, facts, mail }));
}

/** The texts around the first place where they differ. */
function excerpt({ ours, theirs }: Difference): string {
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at++;
  const cut = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 90));
  return `ours ${cut(ours)}, theirs ${cut(theirs)}`;
}

test("reads the development corpus as mailparser does, but for known reasons", {
  timeout: 120_000,
}, async (context) => {
  assert.ok(existsSync(corpus), `no mails in ${corpus}: run "make corpus"`);
  const options = { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true, skipTextLinks: true };
  const counts = new Map<string, number>();
  const unexplained: string[] = [];
  let read = 0;
  for (const folder of folders) {
    const names = readdirSync(join(corpus, folder)).filter((name) => name.endsWith(".txt"));
    for (let at = 0; at < names.length; at += stride) {
      const name = names[at] ?? "";
      const raw = readFileSync(join(corpus, folder, name));
      const mail = await simpleParser(raw, options);
      read++;
      for (const difference of differences(firstReading(analyse(raw)), mail)) {
        const why = reasons.find(([, applies]) => applies(difference))?.[0];
        if (why === undefined) unexplained.push(`${folder}/${name} ${difference.aspect}: ${excerpt(difference)}`);
        else counts.set(why, (counts.get(why) ?? 0) + 1);
      }
    }
  }
  for (const [why, count] of counts) context.diagnostic(`${count} times: ${why}`);
  assert.ok(read > 1000, `only ${read} mails in ${corpus}`);
  assert.deepEqual(unexplained, []);
});
