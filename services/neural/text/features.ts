// All features of a message, as hashes in typed arrays: named marks, words, pairs of words. Nothing here makes a string for
// each word: the features of a mail cost a tenth of a millisecond.

import type { Envelope, Facts } from "../../../shared/task.ts";
import { nameHash, pair } from "./hash.ts";
import { type Marks, newMarks } from "./shape.ts";
import { markHeaders } from "./shape-headers.ts";
import { markLinks } from "./shape-links.ts";
import { markPages } from "./shape-pages.ts";
import { markCharset, markParts } from "./shape-parts.ts";
import { markPeople } from "./shape-people.ts";
import { markStyle } from "./shape-style.ts";
import { markSubject } from "./shape-subject.ts";
import { markWay } from "./shape-way.ts";
import { TermSet } from "./term-set.ts";
import { mostWords, newStyle, newWords, type Words } from "./word-list.ts";
import { readWords } from "./words.ts";

/** Version of everything that goes into a hash: what was learned with another means nothing. */
export const schema = 2;

/** Facts that features are made of. */
export const featureFacts = ["headers", "received", "structure", "text", "html", "urls"] as const;
export type FeatureFacts = Pick<Facts, (typeof featureFacts)[number]> & { readonly envelope?: Envelope };

/** What was read of one message. Valid until the next one is read into it. */
export interface Features {
  readonly words: Words;
  /** Words of the subject, which stand first. */
  subjectWords: number;
  readonly marks: Marks;
  /** Words and pairs, each once; those of the subject twice, as words of the mail and of its subject. */
  readonly terms: TermSet;
}

export const subjectSeed = nameHash("#subject");

export function newFeatures(): Features {
  return { words: newWords(), subjectWords: 0, marks: newMarks(), terms: new TermSet() };
}

/** Below so many words without quotes, what is quoted and signed counts too: it may be all there is. */
const fewWords = 20;
/** Texts whose charset is looked at. */
const mostCharsets = 2;

export function readFeatures(facts: FeatureFacts, into: Features): void {
  const { marks } = into;
  marks.count = 0;
  const subject = facts.headers.subject ?? "";
  readTexts(subject, facts, into);
  addTerms(into);
  const { style } = into.words;
  markSubject(subject, marks);
  markStyle(style, marks);
  markHeaders(facts, marks);
  markPeople(facts, marks);
  markWay(facts, marks);
  markParts(facts, marks);
  markLinks(facts.urls, facts.headers.from[0]?.domain ?? "", marks);
  markPages(facts.html, style, marks);
  for (const { charset } of facts.text.slice(0, mostCharsets)) markCharset(charset, marks);
}

function readTexts(subject: string, { text: texts }: FeatureFacts, into: Features): void {
  const { words } = into;
  words.count = 0;
  words.style = newStyle();
  readWords(subject, words, true);
  into.subjectWords = words.count;
  words.style = newStyle();
  // What a reader sees first: the page, then what stands beside it.
  for (const { html, text } of texts) if (html) readWords(text, words, false);
  for (const { html, text } of texts) if (!html) readWords(text, words, false);
  const { quotedLines, attributions, signatures } = words.style;
  if (words.count - into.subjectWords >= fewWords || quotedLines + signatures === 0) return;
  words.count = into.subjectWords;
  words.style = newStyle();
  for (const { text } of texts) readWords(text, words, true);
  words.style.quotedLines = quotedLines;
  words.style.attributions = attributions;
  words.style.signatures = signatures;
}

function addTerms({ words, subjectWords, terms }: Features): void {
  const { hash, count } = words;
  terms.clear();
  for (let at = 0; at < count; at++) {
    const word = hash[at] ?? 0;
    terms.add(word);
    const inSubject = at < subjectWords;
    if (inSubject) terms.add(pair(subjectSeed, word));
    if (at + 1 >= (inSubject ? subjectWords : count)) continue;
    const two = pair(word, hash[at + 1] ?? 0);
    terms.add(two);
    if (inSubject) terms.add(pair(subjectSeed, two));
  }
}

/** One for all mails: it is read and used up within one turn. */
const phrases = new Int32Array(2 * mostWords);

/** Each run of three and of four words, as often as it occurs. Valid until the next call. */
export function phrasesOf({ words, subjectWords }: Features): Int32Array {
  const { hash, count } = words;
  let found = 0;
  for (let at = 0; at + 2 < count; at++) {
    const end = at < subjectWords ? subjectWords : count;
    if (at + 2 >= end) continue;
    const three = pair(pair(hash[at] ?? 0, hash[at + 1] ?? 0), hash[at + 2] ?? 0);
    phrases[found++] = three;
    if (at + 3 < end) phrases[found++] = pair(three, hash[at + 3] ?? 0);
  }
  return phrases.subarray(0, found);
}
