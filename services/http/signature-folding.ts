// Folding a DKIM-Signature to lines of 80 characters without breaking it.

const width = 80;
/** "DKIM-Signature: " stands before the first line. */
const nameWidth = 16;
const tabWidth = 8;

/**
 * Folds only where the signature allows it: at blanks that are there, for `relaxed` reads a fold as one blank, and
 * inside `b=`, whose value is taken out before hashing (RFC 6376, 3.4.2 and 3.7). A header that is signed in `simple`
 * form stays as it is.
 */
export function foldSignature(value: string): string {
  if (!/(?:^|;)\s*c\s*=\s*relaxed/i.test(value)) return value;
  const lines: string[] = [];
  let line = "";
  let room = width - nameWidth;
  function breakLine(): void {
    lines.push(line);
    line = "";
    room = width - tabWidth;
  }
  for (const word of value.split(" ")) {
    const [first = "", ...further] = word.startsWith("b=") ? chunks(word) : [word];
    if (line !== "" && line.length + 1 + first.length > room) breakLine();
    line = line === "" ? first : `${line} ${first}`;
    for (const chunk of further) {
      breakLine();
      line = chunk;
    }
  }
  lines.push(line);
  return lines.join("\r\n\t");
}

function chunks(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += width - tabWidth) found.push(text.slice(at, at + width - tabWidth));
  return found;
}
