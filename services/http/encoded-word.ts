// A header value in ASCII: encoded words of RFC 2047 where it has other characters.

/** RFC 2047, 2: an encoded word has at most 75 characters, 63 of them text when it is "=?UTF-8?B?...?=". */
const bytesPerWord = 45;

export function encodeHeaderValue(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words: string[] = [];
  let word = "";
  let length = 0;
  // By code point: RFC 2047, 5 forbids splitting a character over two words.
  for (const char of text.toWellFormed()) {
    const size = Buffer.byteLength(char);
    if (length + size > bytesPerWord) {
      words.push(word);
      word = "";
      length = 0;
    }
    word += char;
    length += size;
  }
  words.push(word);
  return words.map((piece) => `=?UTF-8?B?${Buffer.from(piece, "utf8").toString("base64")}?=`).join(" ");
}
