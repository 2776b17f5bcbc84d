// The words and phrases whose meaning is known beforehand (services/neural/text/cues.txt), as hashes with their weights.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pair } from "../../services/neural/text/hash.ts";
import { classNames } from "../../services/neural/text/word-class.ts";
import { newWords } from "../../services/neural/text/word-list.ts";
import { readWords } from "../../services/neural/text/words.ts";

const path = resolve(import.meta.dirname, "../../services/neural/text/cues.txt");
const longestPhrase = 4;

/** Weight by hash. Throws with the line of what cannot be a cue. */
export function readCues(file = readFileSync(path, "utf8")): ReadonlyMap<number, number> {
  const cues = new Map<number, number>();
  let weight = 0;
  for (const [index, line] of file.split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    // A line goes on in the next one that begins with blanks.
    const [, said, phrases = ""] = /^(?:([+-]\d+\.\d+)| +) ?(.+)$/.exec(line) ?? [];
    if (said !== undefined) weight = Number(said);
    if (weight === 0) throw new Error(`cues.txt:${index + 1}: a line is a weight and phrases`);
    for (const phrase of phrases.split(",").filter((one) => one.trim() !== "")) {
      const hash = phraseHash(phrase.trim());
      if (hash === null) throw new Error(`cues.txt:${index + 1}: "${phrase.trim()}" is no phrase of one to four words`);
      // The first one counts: what means the same to the reader of words may be written in several ways.
      if (!cues.has(hash)) cues.set(hash, weight);
    }
  }
  return cues;
}

const words = newWords();

function phraseHash(phrase: string): number | null {
  words.count = 0;
  readWords(phrase, words, true);
  const { hash, count } = words;
  if (count === 0 || count > longestPhrase) return null;
  // A single class, such as "a number", is in too many mails to say anything.
  if (count === 1 && classNames.has(hash[0] ?? 0)) return null;
  let whole = hash[0] ?? 0;
  for (let at = 1; at < count; at++) whole = pair(whole, hash[at] ?? 0);
  return whole;
}
