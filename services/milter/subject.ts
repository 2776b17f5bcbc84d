// A Subject as a header value: encoded words for what is not ASCII (RFC 2047), folded.

/** RFC 2047, 2: a line with an encoded word has at most 76 characters, an encoded word 75. */
const maxLine = 76;
const maxSubject = 4000;
const firstLine = maxLine - "Subject: ".length;
const wordStart = "=?UTF-8?B?";
const wordEnd = "?=";

/** Folds with LF. */
export function subjectValue(subject: string): string {
  const text = subject
    .toWellFormed()
    .slice(0, maxSubject)
    .replace(/[\x00-\x1f\x7f]+/g, " ")
    .trim();
  return isPlain(text) ? fold(text) : encodeWords(text);
}

/** Whether it stands for itself: ASCII that no reader takes for an encoded word, in words that fit a line. */
function isPlain(text: string): boolean {
  return !/[^\x20-\x7e]/.test(text) && !text.includes("=?") && !/\S{77}/.test(text);
}

function fold(text: string): string {
  const lines: string[] = [];
  let line = "";
  let room = firstLine;
  for (const word of text.split(" ")) {
    if (line.trim() !== "" && word !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = ` ${word}`;
      room = maxLine;
    } else {
      line = line === "" && lines.length === 0 ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

/** Words of whole characters only (RFC 2047, 5): each is decoded by itself. */
function encodeWords(text: string): string {
  const words: string[] = [];
  let piece = "";
  let bytes = 0;
  let room = bytesIn(firstLine);
  for (const char of text) {
    const length = Buffer.byteLength(char);
    if (bytes + length > room) {
      words.push(piece);
      piece = "";
      bytes = 0;
      room = bytesIn(maxLine - 1);
    }
    piece += char;
    bytes += length;
  }
  words.push(piece);
  return words.map((word) => wordStart + Buffer.from(word).toString("base64") + wordEnd).join("\n ");
}

/** Bytes that an encoded word of so many characters can hold. */
function bytesIn(characters: number): number {
  return Math.floor((characters - wordStart.length - wordEnd.length) / 4) * 3;
}
