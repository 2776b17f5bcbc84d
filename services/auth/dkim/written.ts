// Tag lists as we write them.

/** Characters of a line (RFC 5322, 2.1.1). */
const width = 78;
const tabWidth = 8;

/** The value of a field from its tags ("v=1", "h=from:to"...) in one line; at its blanks it may be folded. */
export function inOneLine(tags: readonly string[]): string {
  return wordsOf(tags).join(" ");
}

/** The same, folded. */
export function folded(name: string, tags: readonly string[], lineEnd: "\n" | "\r\n"): string {
  const lines: string[] = [];
  let line = "";
  let room = width - name.length - 2;
  for (const word of wordsOf(tags)) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = "";
      room = width - tabWidth;
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join(`${lineEnd}\t`);
}

/** What stands behind `b=`, folded in front of it and within: that is no part of what is signed (RFC 6376, 3.7). */
export function foldedBase64(base64: string, lineEnd: "\n" | "\r\n"): string {
  let text = "";
  for (let at = 0; at < base64.length; at += width - tabWidth) {
    text += `${lineEnd}\t${base64.slice(at, at + width - tabWidth)}`;
  }
  return text;
}

/** Tags with their semicolons, divided behind colons where they are longer than a line: there may be blanks (RFC 6376,
 *  3.5, h=). */
function wordsOf(tags: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (const [at, tag] of tags.entries()) {
    let rest = at < tags.length - 1 ? `${tag};` : tag;
    while (rest.length > width - tabWidth) {
      const colon = rest.lastIndexOf(":", width - tabWidth - 1);
      if (colon === -1) break;
      words.push(rest.slice(0, colon + 1));
      rest = rest.slice(colon + 1);
    }
    words.push(rest);
  }
  return words;
}
