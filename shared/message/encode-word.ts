// Text to the value of an unstructured header field: folded, and in encoded words where it is not ASCII (RFC 2047).
// Values that a mail server takes over are folded with LF; who writes a message itself asks for CRLF.

/** RFC 5322, 2.1.1 for a line; RFC 2047, 2 for a line with an encoded word. */
const plainLine = 78;
const encodedLine = 76;
/** Characters of a value. What is longer is cut. */
const longest = 16_384;
/** RFC 5322, 2.1.1: no line may have more than 998 characters; a word that is longer cannot be folded. */
const longestWord = 900;
const wordStart = "=?UTF-8?B?";
const wordEnd = "?=";

/**
 * Line ends and other control characters become blanks, so that no text can add a field of its own. `used` are the
 * characters before the value on its line: name, colon, blank.
 */
export function encodeText(text: string, used: number, lineEnd = "\n"): string {
  const line = text
    .slice(0, longest)
    .toWellFormed()
    .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, " ")
    .trim();
  const lines = isPlain(line) ? foldPlain(line, used) : encodeWords(line, used);
  return lines.join(lineEnd);
}

/** Whether it stands for itself: ASCII that no reader takes for an encoded word, and that can be folded. */
function isPlain(line: string): boolean {
  if (/[^\x20-\x7e]/.test(line) || line.includes("=?")) return false;
  return line.length < longestWord || line.split(" ").every((word) => word.length < longestWord);
}

function foldPlain(text: string, used: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let room = plainLine - used;
  let isFirst = true;
  for (const word of text.split(" ")) {
    // A line of blanks alone would end the header for some readers (RFC 5322, 3.2.2).
    if (word !== "" && line.trim() !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = ` ${word}`;
      room = plainLine;
    } else {
      line = isFirst ? word : `${line} ${word}`;
    }
    isFirst = false;
  }
  return [...lines, line];
}

/** RFC 2047, 5: each word is whole characters only, for it is decoded by itself. */
function encodeWords(text: string, used: number): readonly string[] {
  const lines: string[] = [];
  let piece = "";
  let size = 0;
  let room = bytesIn(encodedLine - used);
  const flush = () => {
    lines.push(`${lines.length === 0 ? "" : " "}${wordStart}${Buffer.from(piece).toString("base64")}${wordEnd}`);
    piece = "";
    size = 0;
    room = bytesIn(encodedLine - 1);
  };
  for (const char of text) {
    const bytes = Buffer.byteLength(char);
    if (size + bytes > room && piece !== "") flush();
    piece += char;
    size += bytes;
  }
  flush();
  return lines;
}

/** Bytes that an encoded word of so many characters can hold: three in four characters; at least one character. */
function bytesIn(characters: number): number {
  return Math.max(Math.floor((characters - wordStart.length - wordEnd.length) / 4) * 3, 4);
}
