// A text -> its words, as hashes. Words are what Unicode calls letters, digits and marks, in any script; case, width and
// other dress do not count. Where a script has no spaces each character is a word, and pairs of them do what words do.

/** Words of one text that are looked at. */
export const mostWords = 4000;
/** Characters of a word that count. */
const longestWord = 40;

const kind = {
  unknown: 0, // not looked up yet
  gap: 1,
  small: 2, // a letter or digit of ASCII as it is hashed
  capital: 3, // of ASCII
  inner: 4, // belongs to a word when it stands within one
  edge: 5, // says something wherever it stands: $ ! %
  letter: 6, // beyond ASCII
  alone: 7, // a word of its own
  invisible: 8,
  surrogate: 9,
} as const;

/** Kind of each UTF-16 unit, looked up when it is first seen. */
const kinds = new Uint8Array(65_536);
for (let unit = 0; unit < 128; unit++) {
  const char = String.fromCharCode(unit);
  if (/[a-z0-9]/.test(char)) kinds[unit] = kind.small;
  else if (/[A-Z]/.test(char)) kinds[unit] = kind.capital;
  else if ("'-._@/:".includes(char)) kinds[unit] = kind.inner;
  else kinds[unit] = "$%!#*+=?".includes(char) ? kind.edge : kind.gap;
}

/** Scripts that put no spaces between words. */
const spaceless = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;
const wordLike = /[\p{L}\p{N}\p{M}]/u;
/** Soft hyphen, zero-width characters, marks of direction, variation selectors: written into words to break them. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const allInvisible = /\p{Default_Ignorable_Code_Point}+/gu;

function lookUp(unit: number): number {
  const char = String.fromCharCode(unit);
  let found: number = kind.gap;
  if (unit >= 0xd800 && unit <= 0xdfff) found = kind.surrogate;
  else if (invisible.test(char)) found = kind.invisible;
  else if (spaceless.test(char)) found = kind.alone;
  else if (wordLike.test(char)) found = kind.letter;
  else if (/[\p{Sc}\p{So}]/u.test(char)) found = kind.alone;
  kinds[unit] = found;
  return found;
}

/** Mathematical letters are letters in fancy dress; other characters beyond the basic plane are words of their own. */
function kindBeyond(text: string, at: number): number {
  const point = text.codePointAt(at) ?? 0;
  if (point < 0x10000) return kind.gap;
  if (point >= 0x1f000 || !wordLike.test(String.fromCodePoint(point))) return kind.alone;
  return kind.letter;
}

/** The finaliser of MurmurHash3: each bit of the input changes about half of the bits. */
export function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function step(hash: number, unit: number): number {
  const h = Math.imul(hash ^ unit, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/** Hash of a text as it stands. */
export function hashText(text: string, seed = 0): number {
  let h = seed;
  for (let at = 0; at < text.length; at++) h = step(h, text.charCodeAt(at));
  return mix(h ^ text.length);
}

/** A word in plain dress: without invisible characters, compatibility forms resolved (NFKC), in small letters. */
function plain(word: string): string {
  return word.replace(allInvisible, "").normalize("NFKC").toLowerCase();
}

/** The words of the text that was read last. One of it serves for many texts. */
export class Words {
  count = 0;
  readonly hashes = new Uint32Array(mostWords);
  /** 1: written in capitals. */
  readonly loud = new Uint8Array(mostWords);
  readonly #starts = new Uint32Array(mostWords);
  readonly #ends = new Uint32Array(mostWords);
  #text = "";

  /** Reads at most `most` words, from the start. */
  read(text: string, most: number): void {
    this.#text = text;
    this.count = 0;
    const limit = Math.min(most, mostWords);
    let at = 0;
    while (at < text.length && this.count < limit) {
      const unit = text.charCodeAt(at);
      let found = kinds[unit] || lookUp(unit);
      if (found === kind.surrogate) found = kindBeyond(text, at);
      if (found === kind.alone) at = this.#alone(at);
      else if (found >= kind.small && found <= kind.letter && found !== kind.inner) at = this.#word(at);
      else at++;
    }
  }

  /** The word as it was hashed: for people. */
  wordAt(index: number): string {
    return plain(this.#text.slice(this.#starts[index], this.#ends[index]));
  }

  #alone(start: number): number {
    const end = start + ((this.#text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
    this.#add(start, end, hashText(this.#text.slice(start, end)), false);
    return end;
  }

  /** Hashes while it goes: most words are ASCII, and no text is cut out for them. Answers with the end of the word. */
  #word(start: number): number {
    const text = this.#text;
    let h = 0;
    let length = 0;
    let capitals = 0;
    let smalls = 0;
    let dressed = false;
    let at = start;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      let found = kinds[unit] || lookUp(unit);
      if (found === kind.surrogate) found = kindBeyond(text, at);
      if (found === kind.inner) {
        const next = kinds[text.charCodeAt(at + 1)] ?? kind.gap;
        if (next !== kind.small && next !== kind.capital && next !== kind.letter) break;
      } else if (found === kind.letter || found === kind.invisible) {
        dressed = true;
        if (unit >= 0xd800 && unit <= 0xdbff) at++;
      } else if (found === kind.capital) capitals++;
      else if (found === kind.small) smalls++;
      else if (found !== kind.edge) break;
      if (length < longestWord) h = step(h, found === kind.capital ? unit | 0x20 : unit);
      length++;
    }
    if (dressed) this.#dressed(start, at);
    else this.#add(start, at, mix(h ^ Math.min(length, longestWord)), capitals > 2 && smalls === 0);
    return at;
  }

  #dressed(start: number, end: number): void {
    const word = this.#text.slice(start, Math.min(end, start + 2 * longestWord));
    const small = plain(word);
    if (small === "") return;
    const loud = small.length > 2 && word.toLowerCase() !== word && word.toUpperCase() === word;
    this.#add(start, end, hashText(small.slice(0, longestWord)), loud);
  }

  #add(start: number, end: number, hash: number, loud: boolean): void {
    this.#starts[this.count] = start;
    this.#ends[this.count] = end;
    this.hashes[this.count] = hash;
    this.loud[this.count] = loud ? 1 : 0;
    this.count++;
  }
}
