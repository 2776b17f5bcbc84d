// Cases: mails with expectations, as text. A file holds one or more, divided by lines of `====`.
//
//   # What it shows.
//   ip 192.0.2.1                     envelope: ip, hostname, helo, from, rcpt (repeated), user; hostname "unknown" is none
//   now 2026-01-15T12:00:00Z         the clock; this is the default
//   config mime_types { key = 1 }    a line of configuration in UCL (repeated)
//   zone example.org TXT v=spf1 -all a line of the DNS, which has no others (repeated); shared/dns/zone.testing.ts
//   learn spam ads.mails             before the scan the mails of a file beside the case, divided by `====`, are learned
//                                    as spam, or ham (repeated)
//   bytes escaped                    \xNN, \r, \n, \0 and \\ in the message are bytes, and line ends stay as they are
//   expect NAME                      the symbol is there ...
//   expect NAME 2.5 option option    ... with this score, and these among its options
//   never NAME                       the symbol is not there
//   action add header                the verdict's action
//   subject [SPAM] Hello             the verdict's subject
//
//   From: a@example.org              after an empty line: the message, to the next `====` or the end
//
// Line ends of the message become CRLF and the last one is dropped with the divider.

import { clientName } from "./client-name.ts";
import { Fault } from "./fault.ts";
import type { Envelope } from "./task.ts";

export interface Expectation {
  readonly symbol: string;
  readonly score?: number;
  readonly options: readonly string[];
}

export interface Case {
  /** First comment line, or the line number. */
  readonly title: string;
  readonly envelope: Envelope;
  readonly now: number;
  readonly config: readonly string[];
  /** Lines for `zoneDns`. */
  readonly zone: readonly string[];
  readonly learn: readonly { readonly label: "spam" | "ham"; readonly file: string }[];
  readonly expect: readonly Expectation[];
  readonly never: readonly string[];
  readonly action?: string;
  readonly subject?: string;
  readonly raw: Uint8Array;
}

const caseClock = Date.parse("2026-01-15T12:00:00Z");

/** Reads a case file. Faults with `bad-input` and the line on what it does not know. */
export function parseCases(text: string, file: string): readonly Case[] {
  const cases: Case[] = [];
  let line = 1;
  for (const chunk of text.split(/^====+\n/m)) {
    if (chunk.trim() !== "") cases.push(parseCase(chunk, file, line));
    line += chunk.split("\n").length;
  }
  return cases;
}

function parseCase(chunk: string, file: string, firstLine: number): Case {
  const end = chunk.indexOf("\n\n");
  if (end < 0) throw new Fault("bad-input", `${file}:${firstLine}: a case needs an empty line before its message`);
  const envelope: { -readonly [K in keyof Envelope]?: Envelope[K] } = {};
  const rcpts: string[] = [];
  const expect: Expectation[] = [];
  const never: string[] = [];
  const config: string[] = [];
  const zone: string[] = [];
  const learn: { label: "spam" | "ham"; file: string }[] = [];
  let title = "";
  let now = caseClock;
  let escaped = false;
  let action: string | undefined;
  let subject: string | undefined;
  for (const [index, line] of chunk.slice(0, end).split("\n").entries()) {
    const [word = "", ...words] = line.split(" ");
    const rest = words.join(" ");
    if (word === "#") title ||= rest;
    else if (word === "expect") expect.push(parseExpectation(words));
    else if (word === "never") never.push(rest);
    else if (word === "action") action = rest;
    else if (word === "subject") subject = rest;
    else if (word === "now") now = Date.parse(rest);
    else if (word === "config") config.push(rest);
    else if (word === "zone") zone.push(rest);
    else if (word === "learn" && (words[0] === "spam" || words[0] === "ham") && words.length === 2) {
      learn.push({ label: words[0], file: words[1] ?? "" });
    } else if (word === "bytes" && rest === "escaped") escaped = true;
    else if (word === "rcpt") rcpts.push(rest);
    else if (word === "hostname") envelope.hostname = clientName(rest) ?? "";
    else if (["ip", "helo", "from", "user"].includes(word)) envelope[word as "ip"] = rest;
    else if (word !== "") throw new Fault("bad-input", `${file}:${firstLine + index}: a case has no "${word}"`);
  }
  if (!Number.isFinite(now)) throw new Fault("bad-input", `${file}:${firstLine}: the clock is not a time`);
  const message = chunk.slice(end + 2).replace(/\n$/, "");
  return {
    title: title || `line ${firstLine}`,
    envelope: { ...envelope, rcpts },
    now,
    config,
    zone,
    learn,
    expect,
    never,
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subject }),
    raw: escaped ? bytesOf(message) : crlf(message),
  };
}

/** The mails of a file that cases learn from. */
export function parseMails(text: string): readonly Uint8Array[] {
  return text
    .split(/^====+\n/m)
    .filter((mail) => mail.trim() !== "")
    .map((mail) => crlf(mail.replace(/\n$/, "")));
}

function crlf(message: string): Uint8Array {
  return Buffer.from(message.replaceAll("\n", "\r\n"));
}

function parseExpectation(words: readonly string[]): Expectation {
  const [symbol = "", second, ...options] = words;
  if (second === undefined) return { symbol, options: [] };
  const score = Number(second);
  return Number.isNaN(score) ? { symbol, options: [second, ...options] } : { symbol, score, options };
}

const escapes: Readonly<Record<string, string>> = { r: "\r", n: "\n", t: "\t", "0": "\0", "\\": "\\" };

function bytesOf(message: string): Uint8Array {
  // One char a byte: what is not ASCII in the case file stands for its UTF-8 bytes.
  const bytes = Buffer.from(message, "utf8").toString("latin1");
  const plain = bytes.replace(/\\(?:x([0-9a-fA-F]{2})|(\n)|([rnt0\\]))/g, (_, hex, lineEnd, letter) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : lineEnd ? "" : (escapes[letter] ?? ""),
  );
  return Buffer.from(plain, "latin1");
}
