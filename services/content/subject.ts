// The Subject header as a reader sees it.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";

/** Symbols that one look at the decoded subject decides. */
const patterns = [
  ["SUBJECT_ENDS_QUESTION", /\?\s*$/],
  ["SUBJECT_HAS_QUESTION", /\?\s*\S/],
  ["SUBJECT_ENDS_EXCLAIM", /!\s*$/],
  ["SUBJECT_HAS_EXCLAIM", /!\s*[^\s!]/],
  ["SUBJECT_HAS_CURRENCY", /\p{Sc}/u],
] as const;

/** Marks of a reply in the languages of common mail programs. Behind a list's tag they say little: lists lose References. */
const reply = /^(?:re|aw|sv|antw|vs|odp|ynt|rif|res)(?:\[\d{1,3}\])?:/i;
/** What mail programs put before the words of the author: marks of replies and of forwarded mail. */
const marks = /^(?:(?:re|aw|sv|antw|vs|odp|ynt|rif|res|fwd?|wg|tr|i|rv|enc)(?:\[\d{1,3}\])?:\s{0,8}){1,8}/i;

/** A blank within an encoded word (RFC 2047, 4.2) that ends the subject. */
const encodedBlank = /(?:_|=20)\?=$/;

/** Below this a subject in capitals is a name or an abbreviation. */
const shortest = 10;
const long = 200;
/** Lengths, in characters, at which the symbols count in full. */
const fullCaps = 40;
const fullLong = 400;
/** Longest piece that is looked at: the rest changes nothing. */
const longest = 4096;

function isUpperCase(text: string): boolean {
  // A script without case (Han, Arabic) has no capitals.
  return !/\p{Ll}/u.test(text) && /\p{Lu}[^\p{L}]*\p{Lu}[^\p{L}]*\p{Lu}/u.test(text);
}

export const subject = defineCheck({
  name: "SUBJECT_CHECK",
  about: "Looks at the wording and length of the subject.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    EMPTY_SUBJECT: { score: 1, about: "The Subject header is empty." },
    SUBJ_ALL_CAPS: { score: 3, about: "The subject is in capitals; in full from 40 characters.", group: "subject" },
    LONG_SUBJ: { score: 3, about: "The subject has more than 200 characters; in full from 400.", group: "subject" },
    SUBJECT_ENDS_QUESTION: { score: 1, about: "The subject ends with a question mark." },
    SUBJECT_HAS_QUESTION: { score: 0, about: "The subject has a question mark within." },
    SUBJECT_ENDS_EXCLAIM: { score: 0, about: "The subject ends with an exclamation mark." },
    SUBJECT_HAS_EXCLAIM: { score: 0, about: "The subject has an exclamation mark within." },
    SUBJECT_HAS_CURRENCY: { score: 1, about: "The subject has a currency sign." },
    SUBJECT_ENDS_SPACES: { score: 0.5, about: "The subject ends with blanks." },
    FAKE_REPLY: { score: 1, about: "The subject says reply, and no header names the mail that is replied to." },
  },
  run(task, ctx) {
    const field = first(task.headers, "subject");
    if (field === null) return;
    const text = field.value.slice(0, longest);
    if (text === "") {
      ctx.hit("EMPTY_SUBJECT");
      return;
    }
    if (/[ \t]$/.test(field.raw) || encodedBlank.test(field.raw)) ctx.hit("SUBJECT_ENDS_SPACES");
    for (const [symbol, pattern] of patterns) if (pattern.test(text)) ctx.hit(symbol);
    const words = text.replace(marks, "");
    if (words.length >= shortest && isUpperCase(words)) {
      ctx.hit("SUBJ_ALL_CAPS", {
        factor: Math.min(1, words.length / fullCaps),
        options: [String(words.length)],
      });
    }
    if (text.length > long) {
      ctx.hit("LONG_SUBJ", { factor: Math.min(1, text.length / fullLong), options: [String(text.length)] });
    }
    if (reply.test(text) && first(task.headers, "in-reply-to") === null && first(task.headers, "references") === null) {
      ctx.hit("FAKE_REPLY");
    }
  },
});
