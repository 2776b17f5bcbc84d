// Macro strings of SPF (RFC 7208, 7): read once for a record, filled in for each message.

/** One `%{...}`. */
export interface Macro {
  /** In lower case. */
  readonly letter: string;
  /** The letter was written in upper case: the value is escaped as in a URL (7.3). */
  readonly escaped: boolean;
  /** So many parts from the right; 0 is all of them. */
  readonly parts: number;
  readonly reversed: boolean;
  /** What divides the value into parts; "" when it stays whole. */
  readonly delimiters: string;
}

/** Literal text and macros, in order. */
export type MacroString = readonly (string | Macro)[];

/** What a letter stands for. */
export type Meaning = (letter: string) => string;

/** Letters that every macro string may have, and those that only an explanation may (7.2). */
export const targetLetters = "slodiphv";
export const explanationLetters = `${targetLetters}crt`;

/** Characters that macros may grow to. A name has 253 (RFC 1035, 2.3.4), and what is longer loses labels on its left. */
const longestExpansion = 4096;

const literals: Readonly<Record<string, string>> = { "%": "%", _: " ", "-": "%20" };

/** Reads a macro string; an Error says what is wrong with it. Which characters stand outside of macros is not looked at. */
export function readMacros(text: string, letters: string): MacroString | Error {
  const pieces: (string | Macro)[] = [];
  let literal = "";
  let at = 0;
  for (let sign = text.indexOf("%"); sign !== -1; sign = text.indexOf("%", at)) {
    literal += text.slice(at, sign);
    const next = text.charAt(sign + 1);
    const plain = literals[next];
    if (plain !== undefined) {
      literal += plain;
      at = sign + 2;
      continue;
    }
    const end = text.indexOf("}", sign);
    if (next !== "{" || end === -1) return new Error(`"${shorten(text.slice(sign, sign + 8))}" is no macro`);
    const macro = readMacro(text.slice(sign + 2, end), letters);
    if (macro instanceof Error) return macro;
    if (literal !== "") pieces.push(literal);
    pieces.push(macro);
    literal = "";
    at = end + 1;
  }
  if (at < text.length || literal !== "") pieces.push(literal + text.slice(at));
  return pieces;
}

/** What stands between the braces: a letter, digits, "r", delimiters. */
function readMacro(body: string, letters: string): Macro | Error {
  const [, written = "", digits = "", r = "", delimiters = ""] =
    /^([a-z])(\d*)(r?)([.\-+,/_=]*)$/i.exec(body.slice(0, 64)) ?? [];
  const letter = written.toLowerCase();
  const parts = Number(digits);
  if (body.length > 64 || letter === "" || !letters.includes(letter) || (digits !== "" && parts === 0)) {
    return new Error(`"%{${shorten(body)}}" is no macro`);
  }
  const divided = digits !== "" || r !== "" || delimiters !== "";
  return {
    letter,
    escaped: letter !== written,
    parts,
    reversed: r !== "",
    delimiters: divided ? delimiters || "." : "",
  };
}

/** Text of a record as a reason shows it. */
export function shorten(text: string): string {
  return text.length > 96 ? `${text.slice(0, 96)}...` : text;
}

export function lettersIn(text: MacroString): string {
  return text.map((piece) => (typeof piece === "string" ? "" : piece.letter)).join("");
}

/** Fills in the values of the letters; an Error when that grows beyond all measure. */
export function fillMacros(text: MacroString, meaningOf: Meaning): string | Error {
  let filled = "";
  for (const piece of text) {
    filled += typeof piece === "string" ? piece : transform(meaningOf(piece.letter), piece);
    if (filled.length > longestExpansion) return new Error(`macros grow to more than ${longestExpansion} characters`);
  }
  return filled;
}

/** RFC 7208, 7.3: divide, reverse, keep the rightmost, join with dots, escape. */
function transform(value: string, { parts, reversed, delimiters, escaped }: Macro): string {
  let whole = value;
  if (delimiters !== "") {
    const pieces = divide(value, delimiters);
    if (reversed) pieces.reverse();
    whole = (parts === 0 ? pieces : pieces.slice(-parts)).join(".");
  }
  return escaped ? escapeUrl(whole) : whole;
}

function divide(value: string, delimiters: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at < value.length; at++) {
    if (!delimiters.includes(value.charAt(at))) continue;
    pieces.push(value.slice(start, at));
    start = at + 1;
  }
  pieces.push(value.slice(start));
  return pieces;
}

/** All but the unreserved characters of RFC 3986, 2.3. */
function escapeUrl(value: string): string {
  if (/^[A-Za-z0-9\-._~]*$/.test(value)) return value;
  return [...Buffer.from(value, "utf8")]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
