// Text -> its words as hashes, with where each stands, and counts of how it is written. What names one place or time is
// left out or becomes a class: numbers, amounts, links, addresses, quoted lines and who is quoted, signatures, the footers of
// lists. So what is learned of the words holds for mail of other people and other years.

import { addUnit, nameHash, spread, wordSeed } from "./hash.ts";
import { plain, signsFrom } from "./letters.ts";

/** Words of one message that are looked at. */
export const mostWords = 1_500;
/** Units of one text that are looked at. */
export const mostUnits = 24_000;

/** How a text is written, in numbers. */
export interface Style {
  units: number;
  lines: number;
  quotedLines: number;
  attributions: number;
  signatures: number;
  letters: number;
  capitals: number;
  /** Letters beyond ASCII, before accents were taken off. */
  foreign: number;
  words: number;
  /** Words of at least four letters that are all capitals. */
  shouted: number;
  longWords: number;
  /** Letters with digits among them. */
  mixed: number;
  /** Words spelled with something between their letters. */
  spelled: number;
  numbers: number;
  amounts: number;
  percents: number;
  exclamations: number;
  questions: number;
  links: number;
  addresses: number;
  /** Characters that nobody sees. */
  invisible: number;
}

/** The words of a message, in their order. One is used for all messages of a thread. */
export interface Words {
  readonly hash: Int32Array;
  /** Where each stands in its text: for explanations. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  count: number;
  style: Style;
}

export function newStyle(): Style {
  return {
    units: 0,
    lines: 0,
    quotedLines: 0,
    attributions: 0,
    signatures: 0,
    letters: 0,
    capitals: 0,
    foreign: 0,
    words: 0,
    shouted: 0,
    longWords: 0,
    mixed: 0,
    spelled: 0,
    numbers: 0,
    amounts: 0,
    percents: 0,
    exclamations: 0,
    questions: 0,
    links: 0,
    addresses: 0,
    invisible: 0,
  };
}

export function newWords(): Words {
  return {
    hash: new Int32Array(mostWords),
    start: new Int32Array(mostWords),
    end: new Int32Array(mostWords),
    count: 0,
    style: newStyle(),
  };
}

const linkWord = nameHash("#link");
const addressWord = nameHash("#address");
const hostWord = nameHash("#host");
const percentWord = nameHash("#percent");
const longWord = nameHash("#long");
const mixedWord = nameHash("#mixed");
const yearWord = nameHash("#year");
const numberWords = Array.from({ length: 8 }, (_, digits) => nameHash(`#number${digits}`));
const amountWords = Array.from({ length: 12 }, (_, digits) => nameHash(`#amount${digits}`));
/** Classes of words, for explanations. */
export const classNames: ReadonlyMap<number, string> = new Map([
  [linkWord, "(link)"],
  [addressWord, "(address)"],
  [hostWord, "(host)"],
  [percentWord, "(percentage)"],
  [longWord, "(long word)"],
  [mixedWord, "(letters and digits)"],
  [yearWord, "(year)"],
  ...numberWords.map((hash) => [hash, "(number)"] as const),
  ...amountWords.map((hash) => [hash, "(amount of money)"] as const),
]);

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

function put(words: Words, hash: number, start: number, end: number): void {
  const { count } = words;
  if (count >= mostWords) return;
  words.hash[count] = hash;
  words.start[count] = start;
  words.end[count] = end;
  words.count = count + 1;
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

/** Also one of full width. */
function isDigit(unit: number): boolean {
  const digit = plain[unit] ?? 0;
  return digit !== 0 && digit <= 0x39;
}

/** A number with what groups its digits; or, when letters follow, a word. */
function readNumber(text: string, from: number, end: number, words: Words, money: boolean): number {
  let at = from;
  let digits = 0;
  let whole = -1;
  while (at < end) {
    const unit = text.charCodeAt(at);
    if (isDigit(unit)) digits++;
    else if (unit === 0x2e || unit === 0x2c) {
      if (!isDigit(text.charCodeAt(at + 1))) break;
      if (unit === 0x2e) whole = digits;
    } else break;
    at++;
  }
  const after = at < end ? (plain[text.charCodeAt(at)] ?? 0) : 0;
  if (after > 0x39 && after < signsFrom) return readWord(text, from, end, words);
  const { style } = words;
  const size = whole > 0 && digits - whole <= 2 ? whole : digits;
  if (money) {
    style.amounts++;
    put(words, amountWords[Math.min(11, size)] ?? 0, from, at);
  } else if (text.charCodeAt(at) === 0x25) {
    style.percents++;
    put(words, percentWord, from, at);
  } else {
    style.numbers++;
    const year = at - from === 4 && (text.startsWith("19", from) || text.startsWith("20", from));
    put(words, year ? yearWord : (numberWords[Math.min(7, size)] ?? 0), from, at);
  }
  return at;
}

/** A word, or what begins like one: a link, an address, a host. Answers where it ends. */
function readWord(text: string, from: number, end: number, words: Words): number {
  const { style } = words;
  let hash = wordSeed;
  let letters = 0;
  let digits = 0;
  let capitals = 0;
  let foreign = 0;
  let at = from;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    const letter = plain[unit] ?? 0;
    if (letter === 0) {
      // "don't" is one word, as it is without the apostrophe.
      if ((unit === 0x27 || unit === 0x2019) && (plain[text.charCodeAt(at + 1)] ?? 0) > 0x39) continue;
      if (unit === 0xad || unit === 0x200b || unit === 0x200c || unit === 0x200d) {
        style.invisible++;
        continue;
      }
      break;
    }
    if (letter >= signsFrom) break;
    if (letter <= 0x39) digits++;
    else {
      letters++;
      if (unit !== letter) {
        if (unit < 0x80) capitals++;
        else foreign++;
      } else if (unit > 0x7f) foreign++;
    }
    hash = addUnit(hash, letter);
  }
  const next = at < end ? text.charCodeAt(at) : 0;
  if (next === 0x3a && text.startsWith("//", at + 1)) return putLong(text, from, end, words, linkWord, "links");
  if (next === 0x40 && (plain[text.charCodeAt(at + 1)] ?? 0) > 0) {
    return putLong(text, from, end, words, addressWord, "addresses");
  }
  if (next === 0x2e && (plain[text.charCodeAt(at + 1)] ?? 0) > 0x39) {
    if (at - from === 1) {
      const joined = readSpelled(text, from, end, words);
      if (joined > 0) return joined;
    }
    if (text.charCodeAt(at + 1) >= 0x61) {
      const link = at - from === 3 && (text.startsWith("www", from) || text.startsWith("WWW", from));
      return putLong(text, from, end, words, link ? linkWord : hostWord, "links");
    }
  }
  style.words++;
  style.letters += letters;
  style.capitals += capitals;
  style.foreign += foreign;
  if (capitals >= 4 && capitals === letters) style.shouted++;
  if (digits > 0) {
    style.mixed++;
    put(words, letters > digits && at - from < 16 ? unmasked(text, from, at) : mixedWord, from, at);
  } else if (letters > 24) {
    style.longWords++;
    put(words, longWord, from, at);
  } else put(words, spread(hash), from, at);
  return at;
}

/** Letters that digits and signs stand for in words that are to be read by people only. */
const masks: Readonly<Record<number, number>> = { 48: 111, 49: 105, 51: 101, 52: 97, 53: 115, 55: 116, 56: 98 };

/** Hash of the word that is meant: "v1agra" is "viagra". */
function unmasked(text: string, from: number, to: number): number {
  let hash = wordSeed;
  for (let at = from; at < to; at++) {
    const letter = plain[text.charCodeAt(at)] ?? 0;
    if (letter !== 0) hash = addUnit(hash, masks[letter] ?? letter);
  }
  return spread(hash);
}

/** "v.i.a.g.r.a": 0 when it is not that. */
function readSpelled(text: string, from: number, end: number, words: Words): number {
  let hash = wordSeed;
  let letters = 0;
  let at = from;
  while (at < end && (plain[text.charCodeAt(at)] ?? 0) > 0x39) {
    hash = addUnit(hash, plain[text.charCodeAt(at)] ?? 0);
    letters++;
    if (text.charCodeAt(at + 1) !== 0x2e) {
      at++;
      break;
    }
    at += 2;
  }
  if (letters < 4 || (at < end && (plain[text.charCodeAt(at)] ?? 0) > 0)) return 0;
  words.style.spelled++;
  words.style.words++;
  put(words, spread(hash), from, at);
  return at;
}

/** Something long that stands for a class: up to the next blank, quote or bracket. */
function putLong(
  text: string,
  from: number,
  end: number,
  words: Words,
  hash: number,
  count: "links" | "addresses",
): number {
  let at = from;
  while (at < end) {
    const unit = text.charCodeAt(at);
    if (unit <= 0x20 || unit === 0x22 || unit === 0x3c || unit === 0x3e || unit === 0xa0) break;
    at++;
  }
  words.style[count]++;
  put(words, hash, from, at);
  return at;
}
