// Text -> its words as hashes, with where each stands, and counts of how it is written. What names one place or time is
// left out or becomes a class: numbers, amounts, links, addresses, quoted lines and who is quoted, signatures, the footers of
// lists. So what is learned of the words holds for mail of other people and other years.

import { addUnit, spread, wordSeed } from "./hash.ts";
import { plain, signsFrom } from "./letters.ts";
import { readNumber, readWord } from "./word.ts";
import { mostWords, put, type Words } from "./word-list.ts";

/** Units of one text that are looked at. */
export const mostUnits = 24_000;

/** Reads a text to its end, or to the limits. `quoted`: also what is quoted and signed counts. */
export function readWords(text: string, words: Words, quoted: boolean): void {
  const { style } = words;
  const end = Math.min(text.length, mostUnits);
  style.units += end;
  let at = 0;
  while (at < end && words.count < mostWords) {
    let lineEnd = text.indexOf("\n", at);
    if (lineEnd < 0 || lineEnd > end) lineEnd = end;
    style.lines++;
    if (isQuoted(text, at)) {
      style.quotedLines++;
      if (!quoted) {
        at = lineEnd + 1;
        continue;
      }
    }
    if (isAttribution(text, at, lineEnd)) {
      style.attributions++;
      at = lineEnd + 1;
      continue;
    }
    if (isRule(text, at, lineEnd)) {
      style.signatures++;
      // A signature or footer ends its text; what goes on for long is none.
      if (!quoted && end - lineEnd < 900) return;
      at = lineEnd + 1;
      continue;
    }
    readLine(text, at, lineEnd, words);
    at = lineEnd + 1;
  }
}

function isQuoted(text: string, at: number): boolean {
  const first = text.charCodeAt(at);
  if (first === 0x3e || first === 0x7c) return true;
  return first === 0x20 && text.charCodeAt(at + 1) === 0x3e;
}

/** "... wrote:" */
function isAttribution(text: string, at: number, lineEnd: number): boolean {
  let last = lineEnd - 1;
  while (last > at && text.charCodeAt(last) <= 0x20) last--;
  if (last - at < 8 || last - at > 200 || text.charCodeAt(last) !== 0x3a) return false;
  return (
    text.startsWith("wrote", last - 5) || text.startsWith("writes", last - 6) || text.startsWith("schrieb", last - 7)
  );
}

/** The line before a signature (RFC 3676, 4.3), or one of dashes or underscores, as lists put before their footers. */
function isRule(text: string, at: number, lineEnd: number): boolean {
  const first = text.charCodeAt(at);
  if (first !== 0x2d && first !== 0x5f) return false;
  const length = lineEnd - at;
  if (length <= 3) return text.startsWith("--", at) && text.slice(at, lineEnd).trim() === "--";
  if (length < 20) return false;
  for (let index = at; index < at + 20; index++) if (text.charCodeAt(index) !== first) return false;
  return true;
}

function readLine(text: string, from: number, end: number, words: Words): void {
  const { style } = words;
  let money = false;
  let at = from;
  while (at < end) {
    const unit = text.charCodeAt(at);
    const first = plain[unit] ?? 0;
    if (first === 0) {
      if (unit === 0x21) style.exclamations++;
      else if (unit === 0x3f) style.questions++;
      else if (unit === 0x24 || unit === 0xa3 || unit === 0x20ac) money = true;
      else if (unit > 0x7f && isInvisible(unit)) style.invisible++;
      if (money && unit !== 0x24 && unit !== 0xa3 && unit !== 0x20ac && unit !== 0x20) money = false;
      at++;
      continue;
    }
    if (first >= signsFrom && first < 0xfb00) {
      put(words, spread(addUnit(wordSeed, first)), at, at + 1);
      style.letters++;
      style.foreign++;
      style.words++;
      at++;
      continue;
    }
    at = first <= 0x39 ? readNumber(text, at, end, words, money) : readWord(text, at, end, words);
    money = false;
  }
}

function isInvisible(unit: number): boolean {
  return unit === 0xad || (unit >= 0x200b && unit <= 0x200f) || (unit >= 0x2060 && unit <= 0x2064) || unit === 0x34f;
}
