// One word, or what begins like one: a number, a link, an address. Answers where it ends.

import { addUnit, spread, wordSeed } from "./hash.ts";
import { plain, signsFrom } from "./letters.ts";
import {
  addressWord,
  amountWords,
  hostWord,
  linkWord,
  longWord,
  mixedWord,
  numberWords,
  percentWord,
  yearWord,
} from "./word-class.ts";
import { put, type Words } from "./word-list.ts";

/** Also one of full width. */
function isDigit(unit: number): boolean {
  const digit = plain[unit] ?? 0;
  return digit !== 0 && digit <= 0x39;
}

/** Units of a number, or letters between dots, that are read as one: whoever writes on and on must not be read again and again. */
const longest = 64;

/** A number with what groups its digits; or, when letters follow, a word. */
export function readNumber(text: string, from: number, textEnd: number, words: Words, money: boolean): number {
  const end = Math.min(textEnd, from + longest);
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
  if (after > 0x39 && after < signsFrom) return readWord(text, from, textEnd, words);
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
export function readWord(text: string, from: number, end: number, words: Words): number {
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
  while (at < end && letters < longest && (plain[text.charCodeAt(at)] ?? 0) > 0x39) {
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
