// Folding a DKIM-Signature, which has been signed in one line, so that every verifier still reads what was signed.

/** Characters of a line; a server breaks lines of more than 998 (RFC 5322, 2.1.1) wherever that is. */
const width = 80;
/** "DKIM-Signature: " stands before the first line. */
const nameWidth = 16;
const tabWidth = 8;

/** The tag `b=`, at the beginning or after a semicolon, up to its value (RFC 6376, 3.2). */
const signatureTag = /(?:^|;)[ \t\r\n]*b[ \t\r\n]*=[ \t\r\n]*/;
/** Blanks that `relaxed` reads as one blank, folded or not (RFC 6376, 3.4.2). */
const isRelaxed = /(?:^|;)[ \t\r\n]*c[ \t\r\n]*=[ \t\r\n]*relaxed/i;

/**
 * Folds inside the value of `b=`, which is taken out together with its blanks before hashing (RFC 6376, 3.7), and, when
 * headers are signed in `relaxed` form, at the blanks that are there. Lines end with `lineEnd` and go on with a tab.
 */
export function foldSignature(value: string, lineEnd: "\n" | "\r\n"): string {
  const tag = signatureTag.exec(value);
  const start = tag === null ? value.length : tag.index + tag[0].length;
  const semicolon = value.indexOf(";", start);
  const end = semicolon === -1 ? value.length : semicolon;
  const canFold = isRelaxed.test(value);
  const lines: string[] = [];
  let line = "";
  let room = width - nameWidth;

  function breakLine(): void {
    lines.push(line);
    line = "";
    room = width - tabWidth;
  }
  function addWords(words: readonly string[]): void {
    for (const word of words) {
      if (line !== "" && line.length + 1 + word.length > room) breakLine();
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  function addSignature(base64: string): void {
    for (let at = 0; at < base64.length; ) {
      if (line.length >= room) breakLine();
      const taken = base64.slice(at, at + room - line.length);
      line += taken;
      at += taken.length;
    }
  }

  addWords(wordsOf(value.slice(0, start), canFold, lineEnd));
  addSignature(value.slice(start, end).replace(/[ \t\r\n]+/g, ""));
  const [attached = "", ...further] = wordsOf(value.slice(end), canFold, lineEnd);
  line += attached;
  addWords(further);
  return [...lines, line].join(`${lineEnd}\t`);
}

function wordsOf(text: string, canFold: boolean, lineEnd: string): readonly string[] {
  // A fold that was signed stays where it is, however lines end here.
  return canFold ? text.split(/[ \t\r\n]+/).filter((word) => word !== "") : [text.replace(/\r?\n/g, lineEnd)];
}
