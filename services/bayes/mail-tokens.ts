// A mail -> its tokens. The same mail gives the same tokens when it is scanned and when its reader reports it, so what
// delivery adds or storage changes is left out, and so is whatever says who received it or when.

import type { LessonTask } from "../../shared/learning/learner.ts";
import type { Email, Structure, Text, Url } from "../../shared/task.ts";
import { headerTokens } from "./header-tokens.ts";
import { type Owners, ownerOf } from "./owner.ts";
import { type Mark, mark, type TokenSet } from "./token-set.ts";
import { Words } from "./words.ts";

/** Facts that tokens are made of. */
export const reads = ["headers", "structure", "text", "urls", "emails", "received"] as const;

/** Words of all texts of a mail, and of one of them: a long harmless one must not use up what the others need. */
const mostWords = 4000;
const mostWordsOfText = 2000;
const mostSubjectWords = 100;
const mostUrls = 100;
const mostEmails = 30;
const mostParts = 100;
/** Characters of a value that is taken as a whole. */
const longestValue = 100;

const body: Mark = { name: "", seed: 0, twice: false };
const subject: Mark = { ...mark("subject"), twice: false };
const urlHost = mark("link");
const urlFlag = mark("link is");
const emailAddress = mark("address");
const emailHost = mark("address at");
const partType = mark("part");
const partCharset = mark("charset");
const partEncoding = mark("encoding");
const fileName = mark("file");
const fileExtension = mark("file ends in");
const fileKind = mark("file holds");
const flaw = mark("flaw");

/** Flaws that come from how a mail was stored, not from who wrote it. */
const storageFlaws: ReadonlySet<string> = new Set(["mbox-line", "bare-lf", "bare-cr", "limit-size"]);

const words = new Words();

/** Fills the set with the tokens of a mail. */
export function mailTokens({ envelope, ...facts }: LessonTask, owners: Owners, set: TokenSet): void {
  set.clear(ownerOf(envelope, owners));
  if (facts.headers !== undefined) {
    words.read(facts.headers.subject ?? "", mostSubjectWords);
    set.addWords(words, subject);
  }
  textTokens(facts.text ?? [], set);
  if (facts.headers !== undefined) headerTokens(envelope, facts.headers, facts.received ?? [], words, set);
  linkTokens(facts.urls ?? [], facts.emails ?? [], set);
  if (facts.structure !== undefined) partTokens(facts.structure, set);
}

function textTokens(texts: readonly Text[], set: TokenSet): void {
  let left = mostWords;
  // What a reader sees first: programs show the HTML of two alternatives.
  for (const { text } of texts.length < 2 ? texts : [...texts].sort((a, b) => Number(b.html) - Number(a.html))) {
    words.read(text, Math.min(left, mostWordsOfText));
    left -= words.count;
    set.addWords(words, body);
  }
}

function linkTokens(urls: readonly Url[], emails: readonly Email[], set: TokenSet): void {
  for (const { host, domain, flags } of urls.slice(0, mostUrls)) {
    set.addMark(urlHost, host);
    if (domain !== "" && domain !== host) set.addMark(urlHost, domain);
    for (const word of flags) set.addMark(urlFlag, word);
  }
  for (const { address, host } of emails.slice(0, mostEmails)) {
    set.addMark(emailAddress, address.toLowerCase().slice(0, longestValue));
    set.addMark(emailHost, host);
  }
}

function partTokens({ parts, flaws }: Structure, set: TokenSet): void {
  for (const { type, params, encoding, filename, detected } of parts.slice(0, mostParts)) {
    set.addMark(partType, type.slice(0, longestValue));
    if (params.charset !== undefined) set.addMark(partCharset, params.charset.toLowerCase().slice(0, longestValue));
    if (encoding !== "") set.addMark(partEncoding, encoding.slice(0, longestValue));
    if (filename === "") continue;
    const name = filename.toLowerCase();
    set.addMark(fileName, name.slice(0, longestValue));
    const dot = name.lastIndexOf(".");
    if (dot >= 0) set.addMark(fileExtension, name.slice(dot + 1, dot + 20));
    if (detected !== "") set.addMark(fileKind, detected);
  }
  for (const { kind } of flaws) if (!storageFlaws.has(kind)) set.addMark(flaw, kind);
}
